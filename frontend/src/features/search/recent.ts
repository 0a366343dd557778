import { type Hit, remembered } from "./model";

// The tab alone remembers, and for this person: others may sit here next.
const keyOf = (person: string) => `hourglass.recent.${person}`;

export function recentOf(person: string): Hit[] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(person)) ?? "[]");
  } catch {
    return [];
  }
}

export function remember(person: string, hit: Hit) {
  try {
    sessionStorage.setItem(keyOf(person), JSON.stringify(remembered(recentOf(person), hit)));
  } catch {
    // Without storage nothing is remembered.
  }
}
