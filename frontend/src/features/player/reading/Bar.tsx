import { type ReactNode, useMemo } from "react";
import { useFormat } from "../../../lib/format";
import { Icon } from "../../../ui/Icon";
import { Strip } from "../../../ui/Strip";
import type { Command } from "./keys";
import { useReading } from "./messages";
import { PageRing } from "./PageRing";
import { type Layout, type PageState, type PageTime, readS, stateOf, stripOf } from "./pages";
import type { Pause } from "./useCounting";
import { canZoom } from "./zoom";

interface Props {
  layout: Layout;
  pages: PageTime[];
  /** The page before the reader, from 0. */
  at: number;
  /** The page that counts, from 0. */
  counted: number;
  counting: boolean;
  pause: Pause | "check";
  /** null: there is nothing to enlarge. */
  zoom: number | null;
  onPage: (page: number) => void;
  run: (command: Command) => void;
}

/** Where one is in the document, what of it is read, and why nothing counts if nothing does. */
export function Bar(props: Props) {
  const t = useReading();
  const { layout, pages, counted, pause, zoom, run } = props;
  const page = pages[counted];
  return (
    <section className="rdr-ctl" aria-label={t("bar")}>
      <div className="rdr-row">
        <PageChoice {...props} />
        {page && (
          <span className="rdr-now num">
            <PageRing page={page} layout={layout} />
            <Now {...props} page={page} />
          </span>
        )}
        {zoom !== null && <Zoom zoom={zoom} run={run} />}
        <Tool icon="keyboard" label={t("shortcuts")} onClick={() => run("help")} look="hide-s" />
      </div>
      <Pages pages={pages} layout={layout} />
      <p className="rdr-pause" role="status">
        {pause && (
          <>
            <Icon name="pause" size="s" />
            {t(`pause.${pause}`)}
          </>
        )}
      </p>
    </section>
  );
}

function Tool(tool: {
  icon?: "left" | "right" | "keyboard" | "full";
  label: string;
  onClick: () => void;
  off?: boolean;
  look?: string;
  children?: ReactNode;
}) {
  return (
    <button
      className={`icon-btn ${tool.look ?? ""}`}
      type="button"
      aria-label={tool.label}
      title={tool.label}
      disabled={tool.off}
      onClick={tool.onClick}
    >
      {tool.icon ? <Icon name={tool.icon} /> : tool.children}
    </button>
  );
}

/** Options are many in a book: they are made anew only when a page's state changes. */
function PageChoice({ layout, pages, at, onPage, run }: Props) {
  const t = useReading();
  const states = pages.map((p) => stateOf(p, layout)).join();
  const options = useMemo(
    () =>
      (states.split(",") as PageState[]).map((state, p) => (
        <option key={p} value={p}>
          {t(`option.${state}`, { page: p + 1 })}
        </option>
      )),
    [states, t],
  );
  return (
    <div className="rdr-nav">
      <Tool icon="left" label={t("previousPage")} onClick={() => run("back")} off={at === 0} />
      <span className="rdr-sel">
        <select aria-label={t("page")} value={at} onChange={(e) => onPage(Number(e.target.value))}>
          {options}
        </select>
        <span className="num" aria-hidden="true">
          {at + 1} / {layout.pages}
        </span>
      </span>
      <Tool icon="right" label={t("nextPage")} onClick={() => run("on")} off={at === layout.pages - 1} />
    </div>
  );
}

function Now({ page, layout, counted, counting }: Props & { page: PageTime }) {
  const t = useReading();
  const state = stateOf(page, layout);
  const full = readS(page) >= layout.page_max_s;
  const key = state === "read" || state === "pending" ? state : "begun";
  const values = { page: counted + 1, done: Math.floor(readS(page)), min: layout.page_min_s };
  if (!counting) return <span>{t("notCounting")}</span>;
  return (
    <span>
      {t(`now.${key}`, values)}
      {full && ` · ${t("full")}`}
    </span>
  );
}

function Zoom({ zoom, run }: { zoom: number; run: Props["run"] }) {
  const t = useReading();
  const f = useFormat();
  return (
    <div className="rdr-zoom">
      <Tool label={t("smaller")} onClick={() => run("smaller")} off={!canZoom(zoom, -1)}>
        −
      </Tool>
      <Tool label={t("fit")} onClick={() => run("fit")} look="num rdr-fit">
        {f.number(zoom * 100, 0)}%
      </Tool>
      <Tool label={t("larger")} onClick={() => run("larger")} off={!canZoom(zoom, 1)}>
        +
      </Tool>
    </div>
  );
}

function Pages({ pages, layout }: { pages: PageTime[]; layout: Layout }) {
  const t = useReading();
  const count = (state: PageState) => pages.filter((p) => stateOf(p, layout) === state).length;
  const label = t("strip", {
    pages: pages.length,
    read: count("read"),
    pending: count("pending"),
    begun: count("begun"),
    fresh: count("new"),
  });
  return <Strip pieces={stripOf(pages, layout)} label={label} />;
}
