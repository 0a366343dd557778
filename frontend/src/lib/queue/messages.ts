import { defineMessages } from "../i18n";
import en from "./locale/en.json";
import zh from "./locale/zh.json";

/** Words of all queues. */
export const useQueue = defineMessages("queue", zh, en);
