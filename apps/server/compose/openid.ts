/** Puts the OpenID protocols on the server: forms and redirects that our own contracts do not speak. */
import type { HttpServer } from '@zhenmei/http';
import { type IdentityContext, openIdHandler } from '@zhenmei/identity';

const PATHS = [
  '/openid/*',
  '/.well-known/openid-credential-issuer/*',
  '/.well-known/oauth-authorization-server/*',
];

export async function mountOpenId(http: HttpServer, identity: IdentityContext): Promise<void> {
  await http.app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    for (const url of PATHS)
      scope.route({
        method: ['GET', 'POST', 'OPTIONS'],
        url,
        handler: async (request, reply) => {
          const headers = new Headers();
          for (const name of ['authorization', 'content-type', 'dpop'])
            if (typeof request.headers[name] === 'string') headers.set(name, request.headers[name]);
          const body = request.body instanceof Buffer ? new Uint8Array(request.body) : undefined;
          const asked = new Request(`${identity.origin}${request.url}`, {
            method: request.method,
            headers,
            ...(body && request.method === 'POST' ? { body } : {}),
          });
          const answer = await openIdHandler(identity, asked);
          if (!answer) return reply.callNotFound();
          for (const [name, value] of answer.headers) reply.header(name, value);
          return reply.code(answer.status).send(Buffer.from(await answer.arrayBuffer()));
        },
      });
  });
}
