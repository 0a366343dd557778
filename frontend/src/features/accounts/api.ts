import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { api, type Schemas, take } from "../../api/client";
import { meQuery } from "../../api/queries";
import { currentLocale, setLocale } from "../../lib/i18n";
import { ownPath } from "../../lib/ownPath";
import { askPasskey } from "../../lib/passkeys";

/** Once in: nothing a visitor saw may linger, and the account's own language holds. */
function useEnter(to: string | undefined) {
  const queries = useQueryClient();
  const router = useRouter();
  return async (me: Schemas["Me"] | undefined) => {
    if (!me) return;
    queries.clear();
    queries.setQueryData(meQuery.queryKey, me);
    if (me.locale !== currentLocale()) setLocale(me.locale);
    await router.navigate({ href: ownPath(to) ?? "/" });
  };
}

export function useSignIn(to: string | undefined) {
  const enter = useEnter(to);
  return useMutation({
    mutationFn: (body: Schemas["SignInInputBody"]) => take(api.POST("/auth/sign-in", { body })),
    onSuccess: enter,
  });
}

export function useSecondStep(to: string | undefined) {
  const enter = useEnter(to);
  return useMutation({
    mutationFn: (body: Schemas["SecondStepInputBody"]) => take(api.POST("/auth/second-factor", { body })),
    onSuccess: enter,
  });
}

/** Alone or as the second step; undefined when no passkey was used. */
export function usePasskey(to: string | undefined, second_step: boolean) {
  const enter = useEnter(to);
  return useMutation({
    mutationFn: async () => {
      const { token, options } = await take(api.POST("/auth/passkey/challenge", { body: { second_step } }));
      const response = await askPasskey(options);
      return response && take(api.POST("/auth/passkey", { body: { token, response, second_step } }));
    },
    onSuccess: enter,
  });
}

export function useSignUp(to: string | undefined) {
  const enter = useEnter(to);
  return useMutation({
    mutationFn: (body: Omit<Schemas["SignUpInputBody"], "locale">) =>
      take(api.POST("/auth/sign-up", { body: { ...body, locale: currentLocale() } })),
    onSuccess: enter,
  });
}

export const askReset = (email: string) => take(api.POST("/auth/password-reset", { body: { email } }));

export function useReset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["NewPasswordInputBody"]) =>
      take(api.POST("/auth/password-reset/completion", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

export function useVerifyMail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => take(api.POST("/auth/mail-verification", { body: { token } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}
