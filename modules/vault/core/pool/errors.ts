/** What is refused around studies of the data pool. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  POOL_NOT_ALLOWED: refused(
    403,
    '只有监管机构，或登记了“研究”目的的诊所，可以登记研究。请先向监管机构登记这个目的。',
    'Only a regulator, or a clinic registered for the purpose “research”, may register a study. Ask the regulator to register the purpose first.',
  ),
  POOL_STUDY_INVALID: refused(
    422,
    '研究计划的 {path} 不正确：{reason}。请改正后再登记。',
    'The plan of the study is wrong at {path}: {reason}. Put it right and register again.',
  ),
  POOL_STUDY_OTHER: refused(
    409,
    '已有同一编号、内容不同的研究。研究登记后不能改，请登记新的研究。',
    'There is another study under this number. A registered study does not change; register a new one.',
  ),
  POOL_STUDY_UNKNOWN: refused(
    404,
    '没有这项研究，或你没有参加。请回到统计研究的列表。',
    'There is no such study, or you do not take part in it. Go back to the list of studies.',
  ),
  POOL_LEFT: refused(
    403,
    '你已退出这项研究，不能再次参加：否则两次发布的差别会泄露你的回答。请看看别的研究。',
    'You left this study and cannot join it again: the difference between two releases could then give your answer away. Look at other studies.',
  ),
  POOL_NOTICE_CHANGED: refused(
    403,
    '参加说明在你同意之后有了重要变化，回答没有收下。请打开统计研究，看过新的说明再同意一次，或退出。',
    'What you agreed to has changed in an important way since, so the answer was not taken. Open the page of studies, read what is new and agree again, or leave.',
  ),
  POOL_NOT_OPEN: refused(
    409,
    '这项研究现在不收这一次的回答。请等下一次发布之前再试。',
    'The study does not take answers for this release now. Try again before the next release.',
  ),
  POOL_ANSWER_INVALID: refused(
    422,
    '回答与研究的问题不符，没有收下。请更新应用后重试。',
    'The answers do not fit the questions of the study and were not taken. Update the app and try again.',
  ),
  POOL_ANSWERED: refused(
    409,
    '这一次已经回答过，不能再改。下一次发布可以再回答。',
    'This release has been answered and cannot be changed. You can answer for the next one.',
  ),
  POOL_NOT_YOURS: refused(
    403,
    '凭证或签名不符，回答没有收下。请重新打开统计研究页面。',
    'The pass or the signature is wrong; the answer was not taken. Open the page of studies again.',
  ),
  POOL_BUDGET_SPENT: refused(
    403,
    '这项研究对你的隐私预算已用完，不能再问。',
    'The privacy budget that this study has for you is spent; it cannot ask again.',
  ),
  POOL_NOT_FUNDED: refused(
    409,
    '机构还没有存够这项研究承诺的报酬，所以现在不收回答。存够之后再来，或看看别的研究。',
    'The organisation has not paid in enough for what this study promises, so it takes no answers yet. Come back once it has, or look at other studies.',
  ),
  POOL_FUND_USED: refused(
    409,
    '机构存入的报酬已经全部答应给了别人，不能再参加：没有钱的承诺我们不收。机构再存入后可以参加，或看看别的研究。',
    'All the money that was paid in is promised to others, and nothing is promised that is not paid in. You can join once the organisation pays in more; or look at other studies.',
  ),
  POOL_FUND_SMALL: refused(
    422,
    '至少要存够 {least} 次回答的报酬，研究才能开始。请改大次数。',
    'Pay in for at least {least} answers, so that the study can begin. Enter a larger number.',
  ),
  POOL_UNPAID: refused(
    409,
    '这项研究没有承诺报酬，不需要存入。参加者现在就可以回答。',
    'This study promises no payment, so nothing has to be paid in. People can answer it now.',
  ),
  POOL_PERSON_BUDGET: refused(
    403,
    '你所有研究合起来的隐私预算不够再参加这一项。退出一项还没结束的研究，或等它结束，预算会空出来。',
    'What all studies together may cost your privacy does not leave enough for this one. Leave a study that is not over, or wait until it is: what it did not ask is free again.',
  ),
});
