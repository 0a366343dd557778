import DOMPurify from "dompurify";
import { Marked } from "marked";
import { useMemo } from "react";
import "./prose.css";

// The page has its own h1, and its sections their h2.
const marked = new Marked({
  gfm: true,
  walkTokens: (t) => {
    if (t.type === "heading") t.depth = Math.min(6, t.depth + 1);
  },
});

const clean = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: ["style", "form", "input", "button"],
  FORBID_ATTR: ["style"],
};

export default function MarkdownRendered({ text }: { text: string }) {
  const html = useMemo(() => DOMPurify.sanitize(marked.parse(text, { async: false }), clean), [text]);
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
