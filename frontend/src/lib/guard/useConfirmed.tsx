import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { api, take } from "../../api/client";
import { codeOf } from "../../api/problem";
import { Dialog } from "../../ui/Dialog";
import { explain } from "../Failure";
import { useCommon } from "../messages";
import { PasswordField } from "../PasswordField";
import "./guard.css";
import { useGuardText } from "./messages";

/**
 * A change of what guards the account. When the server wants to know once more
 * who asks, `dialog` asks for the password and the change goes on by itself.
 */
export function useConfirmed<A, T>(change: (what: A) => Promise<T>, after?: (answer: T) => unknown) {
  const [waiting, wait] = useState<{ what: A }>();
  const run = useMutation({
    mutationFn: change,
    onSuccess: after,
    onError: (error, what) => {
      if (codeOf(error) === "confirm-first") wait({ what });
    },
  });
  const asking = codeOf(run.error) === "confirm-first";
  const dialog: ReactNode = waiting && (
    <Confirm
      onClose={() => {
        wait(undefined);
        run.reset();
      }}
      onConfirmed={() => {
        wait(undefined);
        run.mutate(waiting.what);
      }}
    />
  );
  return { ...run, error: asking ? null : run.error, isError: run.isError && !asking, dialog };
}

function Confirm({ onClose, onConfirmed }: { onClose: () => void; onConfirmed: () => void }) {
  const t = useGuardText();
  const common = useCommon();
  const [password, setPassword] = useState("");
  const confirm = useMutation({
    mutationFn: () => take(api.POST("/auth/confirmation", { body: { password } })),
    onSuccess: onConfirmed,
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    // A form around it must not take this for its own.
    e.stopPropagation();
    if (password) confirm.mutate();
  };
  return (
    <Dialog title={t("title")} onClose={onClose}>
      <form className="guard-form" onSubmit={submit} noValidate>
        <p>{t("text")}</p>
        <PasswordField
          label={t("password")}
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          error={confirm.isError ? explain(confirm.error, common) : undefined}
        />
        <div className="acts">
          <button className="btn" type="button" onClick={onClose}>
            {common("cancel")}
          </button>
          <button className="btn primary" type="submit" disabled={confirm.isPending || !password}>
            {t("go")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
