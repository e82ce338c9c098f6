/** Is this an EPCIS 2.0 document or event? Every fault with a JSON pointer to it. */
import type { Json } from '@zhenmei/kernel';
import {
  type Check,
  context,
  ISSUES,
  type Issue,
  type IssueRule,
  isObject,
  list,
  object,
  text,
  time,
  uri,
  version,
} from './checks.ts';
import { event } from './event-rules.ts';

const anything: Check = () => undefined;
const header = object({
  members: {
    epcisMasterData: object({
      members: {
        vocabularyList: list(
          object({
            members: {
              type: uri,
              vocabularyElementList: list(
                object({
                  members: {
                    id: uri,
                    attributes: list(
                      object({ members: { id: uri, attribute: anything }, required: ['id'], open: true }),
                    ),
                    children: list(uri),
                  },
                  required: ['id'],
                  open: true,
                }),
              ),
            },
            required: ['type'],
            open: true,
          }),
        ),
      },
      open: true,
    }),
  },
  open: true,
});
const frame = { '@context': context, id: uri, type: text, schemaVersion: version, creationDate: time };
const eventList = (open: true | 'any name') =>
  object({
    members: { eventList: list(event), vocabularyList: anything },
    required: ['eventList'],
    open,
  });
const DOCUMENTS: Readonly<Record<string, Check>> = {
  EPCISDocument: object({
    members: {
      ...frame,
      instanceIdentifier: text,
      sender: text,
      receiver: text,
      epcisHeader: header,
      epcisBody: eventList('any name'),
    },
    required: ['@context', 'type', 'schemaVersion', 'creationDate', 'epcisBody'],
    open: true,
  }),
  EPCISQueryDocument: object({
    members: {
      ...frame,
      epcisBody: object({
        members: {
          queryResults: object({
            members: { queryName: text, subscriptionID: text, resultsBody: eventList(true) },
            required: ['queryName', 'resultsBody'],
            open: true,
          }),
        },
        required: ['queryResults'],
        open: true,
      }),
    },
    required: ['@context', 'type', 'epcisBody'],
    open: true,
  }),
};

function run(check: Check, value: Json): Issue[] {
  const issues: Issue[] = [];
  check(value, '', (pointer, rule: IssueRule, detail = '') => {
    const [zh, en] = ISSUES[rule];
    issues.push({ pointer, rule, zh: zh.replace('{detail}', detail), en: en.replace('{detail}', detail) });
  });
  return issues;
}

/** Every fault of one event that stands within a document; none if it is valid. */
export function validateEvent(value: Json): Issue[] {
  return run(event, value);
}

/** Every fault of a document, a query document or a bare event (which needs its own `@context`). */
export function validateDocument(value: Json): Issue[] {
  if (!isObject(value)) return run(object({ members: {} }), value);
  const document =
    typeof value.type === 'string' && Object.hasOwn(DOCUMENTS, value.type)
      ? DOCUMENTS[value.type]
      : undefined;
  if (document) return run(document, value);
  return run((one, pointer, report) => {
    if (isObject(one) && one['@context'] === undefined) report(pointer, 'missing', '@context');
    event(one, pointer, report);
  }, value);
}
