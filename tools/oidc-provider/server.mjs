// A certified OpenID Connect provider (npm oidc-provider) for the tests of
// signing in with an organisation. It signs everybody in who comes as the
// person it was last told, and changes its keys when it is told so:
//
//   node server.mjs '{"port": 0, "clients": [{…}], "person": {"sub": "1", …}}'
//   POST /test {"person": {…}} or {"rotate": true}
//
// It listens on this machine alone, writes one line {"issuer": …} when it is
// ready, and ends when its standard input does.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const given = JSON.parse(process.argv[2] ?? "{}");
let person = given.person ?? { sub: "1" };
let provider;
let issuer;

function freshKey() {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "ES256", use: "sig" };
}

function start() {
  const next = new Provider(issuer, {
    clients: (given.clients ?? []).map((c) => ({ id_token_signed_response_alg: "ES256", ...c })),
    jwks: { keys: [freshKey()] },
    cookies: { keys: ["only for tests"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "locale", "groups"] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true, methods: ["S256"] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => person }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    // Everything that is asked for is granted.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });
  provider = next;
}

async function told(req, res) {
  let text = "";
  for await (const part of req) text += part;
  const order = JSON.parse(text);
  if (order.person) person = order.person;
  if (order.rotate) start();
  res.writeHead(204).end();
}

const server = createServer(async (req, res) => {
  if (req.method === "POST" && req.url === "/test") return told(req, res);
  if (req.url.startsWith("/interaction/")) {
    const result = person.refuses ? { error: "access_denied" } : { login: { accountId: person.sub } };
    return provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
  }
  return provider.callback()(req, res);
});

server.listen(given.port ?? 0, "127.0.0.1", () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  start();
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
process.stdin.resume().on("end", () => process.exit(0));
