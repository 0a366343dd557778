import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Schemas } from "../../api/client";
import { codeOf } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { attemptQuery, saveAnswer, useSubmit } from "./api";
import { Header } from "./Header";
import { useQuiz } from "./messages";
import { type Answers, missingIn, pressed, savedAnswers } from "./model";
import { Navigator } from "./Navigator";
import { QuestionCard } from "./QuestionCard";
import { Saver, type SaveState } from "./saver";
import { Timer } from "./Timer";

type Attempt = Schemas["Attempt"];

function useSaver(attempt: Attempt) {
  const queries = useQueryClient();
  const [state, setState] = useState<SaveState>({ kind: "idle" });
  const saver = useMemo(
    () =>
      new Saver(
        (question, choices) => saveAnswer(attempt.id, question, choices),
        setState,
        // Over or submitted elsewhere: the server knows the result.
        () => void queries.invalidateQueries({ queryKey: attemptQuery(attempt.id).queryKey }),
      ),
    [attempt.id, queries],
  );
  return { saver, state };
}

function Saved({ state }: { state: SaveState }) {
  const t = useQuiz();
  const f = useFormat();
  if (state.kind === "offline") {
    return (
      <span className="save off" role="status">
        <Icon name="offline" />
        {t("unsaved")}
      </span>
    );
  }
  return (
    <span className="save num" role="status">
      <Icon name="saved" />
      <span>
        {state.kind === "saved"
          ? t("saved", { time: f.date(state.at, "second") })
          : t(state.kind === "saving" ? "saving" : "nothingYet")}
      </span>
    </span>
  );
}

/** Digits answer, F flags, arrows go on; typing elsewhere is left alone. */
function useKeys(act: { choose: (n: number) => void; flag: () => void; step: (by: number) => void }) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const down = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
      const onInput = (e.target as HTMLElement).tagName === "INPUT";
      if (/^[1-9]$/.test(e.key)) latest.current.choose(Number(e.key) - 1);
      else if (e.key.toLowerCase() === "f") latest.current.flag();
      else if (!onInput && e.key === "ArrowRight") latest.current.step(1);
      else if (!onInput && e.key === "ArrowLeft") latest.current.step(-1);
    };
    document.addEventListener("keydown", down);
    return () => document.removeEventListener("keydown", down);
  }, []);
}

export function Answering({ attempt }: { attempt: Attempt }) {
  const t = useQuiz();
  const { saver, state } = useSaver(attempt);
  const [answers, setAnswers] = useState<Answers>(() => savedAnswers(attempt.questions));
  const [flags, setFlags] = useState<Set<string>>(new Set());
  const [at, setAt] = useState(() =>
    Math.max(0, (missingIn(attempt.questions, savedAnswers(attempt.questions))[0] ?? 1) - 1),
  );
  const [confirming, setConfirming] = useState(false);
  const submit = useSubmit(attempt.id, attempt.enrolment_id);
  const question = attempt.questions[at];

  const go = (n: number) => {
    if (n < 0 || n >= attempt.questions.length) return;
    setAt(n);
    requestAnimationFrame(() => document.getElementById("question")?.focus({ preventScroll: false }));
  };
  const choose = (choice: string | undefined) => {
    if (!question || !choice) return;
    const answer = pressed(question, answers[question.id] ?? [], choice);
    setAnswers({ ...answers, [question.id]: answer });
    saver.put(question.id, answer);
  };
  const flag = () => {
    if (!question) return;
    const next = new Set(flags);
    if (!next.delete(question.id)) next.add(question.id);
    setFlags(next);
  };
  useKeys({ choose: (n) => choose(question?.choices[n]?.id), flag, step: (by) => go(at + by) });

  const { mutate } = submit;
  const hand = useCallback(async () => {
    await saver.settled();
    mutate();
  }, [saver, mutate]);
  const over = useCallback(() => void hand(), [hand]);

  if (!question) return null;
  const last = at === attempt.questions.length - 1;
  return (
    <>
      <a className="skip" href="#main">
        {t("skip")}
      </a>
      <Header attempt={attempt}>
        <Saved state={state} />
        {attempt.due_at && <Timer startedAt={attempt.started_at} dueAt={attempt.due_at} onOver={over} />}
      </Header>
      <main id="main" className="wrap ql">
        <div>
          <QuestionCard
            question={question}
            n={at + 1}
            total={attempt.questions.length}
            answer={answers[question.id] ?? []}
            flagged={flags.has(question.id)}
            onPress={choose}
            onFlag={flag}
          />
          <div className="qn">
            <button className="btn lg" type="button" disabled={at === 0} onClick={() => go(at - 1)}>
              <Icon name="back" />
              {t("previous")}
            </button>
            <span className="hint" aria-hidden="true">
              <span className="kbd">1</span>–<span className="kbd">{question.choices.length}</span>{" "}
              {t("hintAnswer")}　<span className="kbd">F</span> {t("hintFlag")}
            </span>
            <button
              className="btn primary lg end"
              type="button"
              onClick={() => (last ? setConfirming(true) : go(at + 1))}
            >
              {t(last ? "submit" : "next")}
              <Icon name="next" />
            </button>
          </div>
        </div>
        <Navigator
          attempt={attempt}
          answers={answers}
          flags={flags}
          at={at}
          onGo={go}
          onSubmit={() => setConfirming(true)}
        />
      </main>
      {confirming && (
        <Confirm
          attempt={attempt}
          answers={answers}
          flags={flags}
          submit={submit}
          onHand={() => void hand()}
          onClose={() => setConfirming(false)}
        />
      )}
    </>
  );
}

interface ConfirmProps {
  attempt: Attempt;
  answers: Answers;
  flags: Set<string>;
  submit: { isPending: boolean; error: unknown };
  onHand: () => void;
  onClose: () => void;
}

function Confirm({ attempt, answers, flags, submit, onHand, onClose }: ConfirmProps) {
  const t = useQuiz();
  const common = useCommon();
  const { locale } = useFormat();
  const joint = locale === "en" ? ", " : "、";
  const missing = missingIn(attempt.questions, answers);
  const flagged = attempt.questions.flatMap((q, n) => (flags.has(q.id) ? [n + 1] : []));
  return (
    <Dialog title={t("submitTitle")} onClose={onClose}>
      <p>
        {missing.length === 0
          ? t("submitAll")
          : t("submitMissing", { count: missing.length, list: missing.join(joint) })}
      </p>
      {flagged.length > 0 && <p>{t("submitFlagged", { list: flagged.join(joint) })}</p>}
      {codeOf(submit.error) !== "unknown" && (
        <p className="note x" role="alert">
          {explain(submit.error, common)}
        </p>
      )}
      <div className="acts">
        <button className="btn" type="button" onClick={onClose}>
          {t("keepOn")}
        </button>
        <button className="btn primary" type="button" disabled={submit.isPending} onClick={onHand}>
          {t("submitNow")}
        </button>
      </div>
    </Dialog>
  );
}
