import { defineMessages } from "../../lib/i18n";
import en from "./locale/en.json";
import zh from "./locale/zh.json";

export const useHome = defineMessages("home", zh, en);
