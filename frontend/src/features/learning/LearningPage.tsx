import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { MyAssignments } from "../../lib/assignments/MyAssignments";
import { Failure } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { enrolmentsQuery, type Which } from "./api";
import { EnrolmentRow } from "./EnrolmentRow";
import "./learning.css";
import { useLearning } from "./messages";

export function LearningPage() {
  const t = useLearning();
  const [which, setWhich] = useState<Which>("open");
  const list = useInfiniteQuery(enrolmentsQuery(which));
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  useTitle(t("title"));
  return (
    <main id="main" className="wrap">
      <div className="head1">
        <h1>{t("title")}</h1>
        <Link className="btn quiet" to="/notes">
          <Icon name="pencil" />
          {t("notes")}
        </Link>
        <fieldset className="seg end" aria-label={t("which")}>
          {(["open", "completed"] as const).map((w) => (
            <button key={w} type="button" aria-pressed={which === w} onClick={() => setWhich(w)}>
              {t(w)}
            </button>
          ))}
        </fieldset>
      </div>
      <MyAssignments />
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={6} />}
      {list.isSuccess && items.length === 0 && (
        <Message
          icon="book"
          title={t(which === "open" ? "empty" : "emptyDone")}
          actions={
            <Link className="btn primary" to="/">
              {t("find")}
            </Link>
          }
        >
          <p>{t(which === "open" ? "emptyText" : "emptyDoneText")}</p>
        </Message>
      )}
      <ul className="le-list">
        {items.map((e) => (
          <EnrolmentRow key={e.id} enrolment={e} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div className="le-more">
          <More list={list} />
        </div>
      )}
    </main>
  );
}
