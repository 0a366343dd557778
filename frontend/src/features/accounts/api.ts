import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { api, type Schemas, take } from "../../api/client";
import { meQuery } from "../../api/queries";
import { currentLocale, setLocale } from "../../lib/i18n";

/** Once in: nothing a visitor saw may linger, and the account's own language holds. */
function useEnter(to: string | undefined) {
  const queries = useQueryClient();
  const router = useRouter();
  return async (me: Schemas["Me"]) => {
    queries.clear();
    queries.setQueryData(meQuery.queryKey, me);
    if (me.locale !== currentLocale()) setLocale(me.locale);
    await router.navigate({ href: to ?? "/" });
  };
}

export function useSignIn(to: string | undefined) {
  const enter = useEnter(to);
  return useMutation({
    mutationFn: (body: Schemas["SignInInputBody"]) => take(api.POST("/auth/sign-in", { body })),
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
