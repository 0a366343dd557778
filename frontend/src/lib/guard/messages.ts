import { defineMessages } from "../i18n";
import en from "./locale/en.json";
import zh from "./locale/zh.json";

export const useGuardText = defineMessages("guard", zh, en);
