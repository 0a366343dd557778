import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Skeleton } from "../../ui/states";
import { Answering } from "./Answering";
import { attemptQuery } from "./api";
import { Header } from "./Header";
import "./quiz.css";
import { Result } from "./Result";

const route = getRouteApi("/attempts/$attemptId");

export function AttemptPage() {
  const { attemptId } = route.useParams();
  const f = useFormat();
  const attempt = useQuery(attemptQuery(attemptId));
  useTitle(f.text(attempt.data?.title));
  if (attempt.isError && !attempt.data) {
    return (
      <main id="main" className="wrap">
        <Failure error={attempt.error} retry={() => void attempt.refetch()} />
      </main>
    );
  }
  if (!attempt.data) {
    return (
      <main id="main" className="wrap">
        <Skeleton lines={7} tall />
      </main>
    );
  }
  if (!attempt.data.submitted_at) return <Answering key={attemptId} attempt={attempt.data} />;
  return (
    <>
      <Header attempt={attempt.data} />
      <Result attempt={attempt.data} />
    </>
  );
}
