import { useEffect } from "react";
import { useFormat } from "../../lib/format";
import { Icon, type IconName } from "../../ui/Icon";
import { useSearchWords } from "./messages";
import { type Group, grouped, type Hit } from "./model";

const icons: Record<Group, IconName> = {
  people: "people",
  courses: "book",
  drafts: "pencil",
  organisations: "school",
};

interface Props {
  id: string;
  hits: Hit[];
  /** They were opened before; nothing has been typed. */
  recent: boolean;
  active: number;
  onActive: (n: number) => void;
  onOpen: (hit: Hit) => void;
}

/** The list of the combobox. The focus stays in the box; the active option is only pointed at. */
export function Hits({ id, hits, recent, active, onActive, onOpen }: Props) {
  const t = useSearchWords();
  const f = useFormat();
  useEffect(() => {
    document.getElementById(`${id}o${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  const groups = recent ? [{ group: "recent" as const, from: 0, hits }] : grouped(hits);
  return (
    <div id={`${id}l`} role="listbox" aria-label={t("title")} hidden={hits.length === 0}>
      {groups.map((g) => (
        <div key={g.group} role="group" aria-labelledby={`${id}${g.group}`}>
          <div id={`${id}${g.group}`} role="presentation" className="find-g">
            {t(g.group)}
          </div>
          {g.hits.map((hit, n) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
            <div
              key={hit.key}
              id={`${id}o${g.from + n}`}
              role="option"
              aria-selected={g.from + n === active}
              className="find-o"
              onPointerMove={() => onActive(g.from + n)}
              onClick={() => onOpen(hit)}
            >
              <Icon name={icons[hit.group]} />
              <span>
                <b>{typeof hit.name === "string" ? hit.name : f.text(hit.name)}</b>
                {hit.group !== "organisations" && <span className="small muted">{f.text(hit.sub)}</span>}
              </span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
