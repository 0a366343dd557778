import { Icon } from "../../../ui/Icon";
import { Markdown } from "../../../ui/Markdown";
import { useReading } from "./messages";

/** What stands before a PDF: its author's words on it, and the file to keep. */
export function Introduction({ text, fileUrl }: { text: string; fileUrl: string }) {
  const t = useReading();
  return (
    <div className="rdr-intro">
      {text && (
        <details className="card">
          <summary>
            {t("note")}
            <Icon name="down" size="s" />
          </summary>
          <Markdown text={text} />
        </details>
      )}
      <a className="btn sm" href={fileUrl} download>
        <Icon name="download" size="s" />
        {t("download")}
      </a>
    </div>
  );
}
