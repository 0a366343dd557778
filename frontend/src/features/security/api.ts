import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas, take } from "../../api/client";
import { makePasskey } from "../../lib/passkeys";

export const factorsQuery = queryOptions({
  queryKey: ["second-factors"],
  queryFn: () => take(api.GET("/me/second-factors")),
});

export const signInsQuery = queryOptions({
  queryKey: ["sign-ins"],
  queryFn: async () => (await take(api.GET("/me/sign-ins"))).items,
});

export const changePassword = (body: Schemas["ChangePasswordInputBody"]) =>
  take(api.PUT("/me/password", { body }));
export const changeMail = (email: string) => take(api.PUT("/me/email", { body: { email } }));
export const sendVerification = () => take(api.POST("/me/mail-verification"));

export const beginTotp = () => take(api.POST("/me/totp"));
export const confirmTotp = (code: string) => take(api.POST("/me/totp/confirmation", { body: { code } }));
export const removeTotp = () => take(api.DELETE("/me/totp"));
export const renewCodes = () => take(api.POST("/me/recovery-codes"));

export const removePasskey = (id: string) =>
  take(api.DELETE("/me/passkeys/{id}", { params: { path: { id } } }));

/** Undefined when the person turned back. */
export async function addPasskey(name: string) {
  const { token, options } = await take(api.POST("/me/passkeys/challenge"));
  const response = await makePasskey(options);
  return response && take(api.POST("/me/passkeys", { body: { token, name, response } }));
}

export const endSignIn = (id: string) => take(api.DELETE("/me/sign-ins/{id}", { params: { path: { id } } }));
export const endOthers = () => take(api.DELETE("/me/sign-ins"));
