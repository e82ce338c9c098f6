/** Why a program does not run, or its result does not count. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  COMPUTE_PROGRAM_UNKNOWN: refused(404, '没有这个程序。', 'There is no such program.'),
  COMPUTE_JOB_UNKNOWN: refused(404, '没有这次运行。', 'There is no such run.'),
  COMPUTE_BUSY: refused(
    429,
    '等待运行的太多，请几分钟后再试。',
    'Too many runs are waiting. Try again in a few minutes.',
  ),
  COMPUTE_GRANT_INVALID: refused(
    422,
    '同意书的 {field} 不正确，程序没有运行。',
    'The consent is wrong at {field}; the program did not run.',
  ),
  COMPUTE_OTHER_PROGRAM: refused(
    409,
    '程序与你同意的不是同一个（{field}），没有运行。请重新查看后再同意。',
    'This is not the program you agreed to ({field}); it did not run. Look at it anew and agree again.',
  ),
  COMPUTE_NOT_GRANTED: refused(
    403,
    '你还没有同意这次运行，或已经收回。',
    'You have not agreed to this run, or you took it back.',
  ),
  COMPUTE_USED_UP: refused(
    403,
    '一次同意只能运行一次。要再运行，请重新同意。',
    'One consent is for one run. To run it again, agree again.',
  ),
  COMPUTE_EXPIRED: refused(
    403,
    '这次同意已过期，程序没有运行。请重新同意。',
    'This consent has expired; the program did not run. Agree again.',
  ),
  COMPUTE_KEY_GONE: refused(
    409,
    '这次运行的钥匙已销毁，什么也没有打开。请重新开始。',
    'The key of this run is destroyed; nothing was opened. Start again.',
  ),
  COMPUTE_INPUT: refused(
    422,
    '程序读不懂其中一份资料，没有结果。这次同意已用掉。',
    'The program cannot read one of the files; there is no result. This consent is used up.',
  ),
  COMPUTE_RESULT_OUTSIDE: refused(
    422,
    '程序交出的结果超出了约定的内容（{path}），已丢弃。',
    'The result goes beyond what was agreed ({path}); it was thrown away.',
  ),
});
