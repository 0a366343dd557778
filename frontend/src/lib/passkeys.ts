type Json = Record<string, unknown>;

/** Passkeys belong to a domain: at a bare network address, or without the browser's help, there are none. */
export function passkeysWork(): boolean {
  return (
    window.isSecureContext &&
    !/^[\d.]+$|:/.test(location.hostname) &&
    typeof PublicKeyCredential === "function" &&
    "parseRequestOptionsFromJSON" in PublicKeyCredential
  );
}

/** A new passkey as the server reads it; undefined when the person turned back. */
export function makePasskey(options: Json): Promise<Json | undefined> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as never);
  return answered(navigator.credentials.create({ publicKey }));
}

/** A passkey's answer as the server reads it; undefined when the person turned back. */
export function askPasskey(options: Json): Promise<Json | undefined> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as never);
  return answered(navigator.credentials.get({ publicKey }));
}

async function answered(asked: Promise<Credential | null>): Promise<Json | undefined> {
  try {
    const credential = await asked;
    return credential ? { ...(credential as PublicKeyCredential).toJSON() } : undefined;
  } catch {
    // Closed, timed out, or registered already: browsers do not say which.
    return undefined;
  }
}
