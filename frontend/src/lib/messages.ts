import { defineMessages } from "./i18n";
import en from "./locale/en.json";
import zh from "./locale/zh.json";

/** Words every feature shares. */
export const useCommon = defineMessages("common", zh, en);
