import type { Schemas } from "../../api/client";
import type { CatalogSearch } from "../../lib/catalogSearch";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { useCatalog } from "./messages";
import { type Chosen, chosenIn } from "./model";

type Facet = Chosen["facet"];
type Count = Schemas["FacetCount"];

/** The words of a filter's value: of its own for fixed ones, from the server for fields and institutions. */
export function useFacetName() {
  const t = useCatalog();
  const common = useCommon();
  const f = useFormat();
  return (facet: Facet, value: string, name?: Schemas["Text"]): string => {
    if (facet === "subject") return common(value === "public" ? "public" : "professional");
    if (facet === "language") return common(value === "en" ? "language.en" : "language.zh");
    if (facet === "hours") {
      const [from, to] = value.split("-");
      return to === "" ? t("band.12-") : t(`band.${from}-${to}` as "band.1-4");
    }
    return f.text(name) || value;
  };
}

interface Props {
  facets: Schemas["CourseFacets"];
  search: CatalogSearch;
  onToggle: (chosen: Chosen) => void;
}

const order: Facet[] = ["subject", "field", "hours", "language", "institution"];

export function Filters({ facets, search, onToggle }: Props) {
  const t = useCatalog();
  const nameOf = useFacetName();
  const chosen = chosenIn(search);
  const on = (facet: Facet, value: string) => chosen.some((c) => c.facet === facet && c.value === value);
  const useful = (facet: Facet) => facets[facet].filter((c: Count) => c.count > 0 || on(facet, c.value));
  return order
    .filter((facet) => useful(facet).length > 0)
    .map((facet) => (
      <fieldset key={facet}>
        <legend>{t(facet)}</legend>
        {useful(facet).map((c) => (
          <label className="opt" key={c.value}>
            <input
              type="checkbox"
              checked={on(facet, c.value)}
              onChange={() => onToggle({ facet, value: c.value })}
            />
            <span className="grow">{nameOf(facet, c.value, c.name)}</span>
            <span className="num muted">{c.count}</span>
          </label>
        ))}
      </fieldset>
    ));
}
