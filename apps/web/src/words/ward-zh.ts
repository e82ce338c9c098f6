/** Words around proof of age, what a guardian sees, and what follows from changed health facts, in Chinese. */
export const wardZh = {
  'age.shown': '预约时会出示一次年龄证明，只说明已满这个年龄；姓名和生日都不在里面。',
  'age.kept': '这个项目不要求出示，证明不会发出。',
  'age.asked': '这个项目要出示年龄证明',
  'age.asked.next':
    '只填写“已成年”不够。请先领取年龄证明，再回来预约；未满 18 周岁的，勾选上面一项，由监护人签字。',
  'ward.visits': '孩子的就诊',
  'ward.visits.lead':
    '凭监护证明查看项目、时间、费用和进度，到孩子成年那天为止。每次查看，孩子都会看到。病历、照片和健康情况不在里面。',
  'ward.visits.child': '第 {n} 个孩子',
  'ward.visits.noCard': '这台手机里还没有监护证明。请先在“我的凭证”里领取。',
  'ward.visits.none': '孩子还没有由监护人签字的就诊。',
  'ward.money.held': '托管中',
  'ward.money.paid': '已付给机构',
  'ward.money.refunded': '已退回',
  'ward.seen': '监护人能看到这次就诊的项目、时间、费用和进度，看不到病历、照片和健康情况。',
  'ward.seen.at': '上次查看：{at}',
  'ward.seen.never': '还没有人查看过',
  'rights.pause.ask': '限制后，急救卡会暂停',
  'rights.pause.means':
    '急救卡显示过敏和健康情况。限制后，医生扫你的急救卡会看到“暂停使用”，什么也读不到。解除限制后，同一张卡自动恢复。',
  'emergency.paused': '急救卡已暂停，现在什么也不显示',
  'emergency.paused.next': '因为你限制或删除了过敏或健康情况。解除限制，或重新填写后，这张卡自动恢复。',
  'notice.emergency-paused': '急救卡已暂停：过敏或健康情况被限制或删除',
  'table.edition': '核对依据：禁忌对照表第 {n} 版（{when}）',
  'table.unreviewed':
    '这张表由工程人员按产品说明书整理，还没有医生审定。它只会提醒或拦下，不能代替医生判断。',
  'table.reviewed': '{who}已于 {when} 审定。',
  'table.sources': '依据的来源',
};
