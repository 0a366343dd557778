import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { enrolmentQuery } from "../../api/queries";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Skeleton } from "../../ui/states";
import { lessonQuery } from "./api";
import "./player.css";
import { QuizIntro } from "./QuizIntro";
import { VideoLesson } from "./VideoLesson";

const route = getRouteApi("/learner/own/learn/$enrolmentId/$lessonId");
const ReadingLesson = lazy(async () => ({
  default: (await import("./reading/ReadingLesson")).ReadingLesson,
}));
const kinds = { video: VideoLesson, document: ReadingLesson, quiz: QuizIntro };

export function LessonPage() {
  const { enrolmentId, lessonId } = route.useParams();
  const { at } = route.useSearch();
  const f = useFormat();
  const enrolment = useQuery(enrolmentQuery(enrolmentId));
  const lesson = useQuery(lessonQuery(lessonId));
  useTitle(f.text(lesson.data?.title));
  const failed = enrolment.error ?? lesson.error;
  if (failed && !(enrolment.data && lesson.data)) {
    const retry = () => {
      void enrolment.refetch();
      void lesson.refetch();
    };
    return (
      <main id="main" className="wrap">
        <Failure error={failed} retry={retry} />
      </main>
    );
  }
  if (!enrolment.data || !lesson.data) {
    return <Coming />;
  }
  const Kind = kinds[lesson.data.kind];
  const startMs = at === undefined ? undefined : at * 1000;
  return (
    <Suspense fallback={<Coming />}>
      <Kind key={lessonId} place={{ enrolment: enrolment.data, lesson: lesson.data, startMs }} />
    </Suspense>
  );
}

function Coming() {
  return (
    <main id="main" className="pl">
      <div className="pl-main">
        <div className="stage">
          <div className="vid" />
        </div>
        <Skeleton lines={5} />
      </div>
      <div className="out">
        <Skeleton lines={7} />
      </div>
    </main>
  );
}
