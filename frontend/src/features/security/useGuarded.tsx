import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { codeOf } from "../../api/problem";
import { meQuery } from "../../api/queries";
import { explain } from "../../lib/Failure";
import { useCommon } from "../../lib/messages";
import { PasswordField } from "../../lib/PasswordField";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { confirmOwner, factorsQuery, signInsQuery } from "./api";
import { useSecurity } from "./messages";

/**
 * A change of what guards the account. When the server wants to know once more
 * who asks, `dialog` asks for the password and the change goes on by itself.
 */
export function useGuarded<A, T>(change: (what: A) => Promise<T>, after?: (answer: T) => void) {
  const queries = useQueryClient();
  const [waiting, wait] = useState<{ what: A }>();
  const run = useMutation({
    mutationFn: change,
    onSuccess: async (answer) => {
      after?.(answer);
      for (const { queryKey } of [factorsQuery, signInsQuery, meQuery])
        await queries.invalidateQueries({ queryKey });
    },
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
  const t = useSecurity();
  const common = useCommon();
  const [password, setPassword] = useState("");
  const confirm = useMutation({ mutationFn: confirmOwner, onSuccess: onConfirmed });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (password) confirm.mutate(password);
  };
  return (
    <Dialog title={t("confirmTitle")} onClose={onClose}>
      <form className="sec-form" onSubmit={submit} noValidate>
        <p>{t("confirmText")}</p>
        <PasswordField
          label={t("password")}
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          error={confirm.isError ? explain(confirm.error, common) : undefined}
        />
        <div className="sec-acts end">
          <button className="btn" type="button" onClick={onClose}>
            {common("cancel")}
          </button>
          <button className="btn primary" type="submit" disabled={confirm.isPending || !password}>
            {t("confirm")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What a change could not do, in the reader's words. */
export function Wrong({ error }: { error: unknown }) {
  const common = useCommon();
  if (!error) return null;
  return (
    <p className="note x" role="alert">
      <Icon name="warn" />
      {explain(error, common)}
    </p>
  );
}

export function Right({ children }: { children: ReactNode }) {
  return (
    <p className="note v" role="status">
      <Icon name="passed" />
      {children}
    </p>
  );
}
