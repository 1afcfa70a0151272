// A certified OpenID Connect provider for tests: anybody signs in under the name he types.
//
// node oidc-provider.mjs CLIENT_ID CLIENT_SECRET REDIRECT_URI
// The first line it prints is its issuer; it ends with its standard input.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [clientId, clientSecret, redirectUri] = process.argv.slice(2);

const server = createServer((request, response) => handle(request, response));
let handle;

server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username"] },
    cookies: { keys: ["for tests alone"] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id.toUpperCase() }),
    }),
  });
  handle = provider.callback();
  console.log(issuer);
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
