/** Words around appointments that one side did not keep, in Chinese. */
export const absenceZh = {
  'money.patient-absent': '登记为患者未到，等待回应',
  'money.clinic-absent': '登记为机构未到，等待回应',
  'absence.ask.patient': '机构没有在约好的时间给你治疗？',
  'absence.ask.patient.text': '登记后机构有两天时间回应。到期没有回应，托管的 {patient} 全部退给你。',
  'absence.ask.clinic': '患者没有来？',
  'absence.ask.clinic.text':
    '登记后患者有两天时间回应。到期没有回应，按合同付给机构 {clinic}，退给患者 {patient}。',
  'absence.report.patient': '登记机构未到',
  'absence.report.clinic': '登记患者未到',
  'absence.if': '没有如约会怎样',
  'absence.if.patient.missed':
    '你没有来：{from} 起机构可以登记，你有两天时间反对；没有反对，退给你 {back}，机构留下 {kept}。',
  'absence.if.patient.missedFree':
    '你没有来：{from} 起机构可以登记，你有两天时间反对；没有反对，{back} 全部退给你。',
  'absence.if.patient.notReady':
    '机构没有准备好：{from} 起你可以登记，机构有两天时间反对；没有反对，{back} 全部退给你。',
  'absence.if.clinic.missed':
    '患者没有来：{from} 起你们可以登记，患者有两天时间反对；没有反对，你们留下 {kept}，退给患者 {back}。',
  'absence.if.clinic.missedFree':
    '患者没有来：{from} 起你们可以登记，患者有两天时间反对；没有反对，{back} 全部退给患者。',
  'absence.if.clinic.notReady':
    '你们没有准备好：{from} 起患者可以登记，你们有两天时间反对；没有反对，{back} 全部退给患者。',
  'absence.from.patient': '{from} 起可以登记机构未到',
  'absence.from.clinic': '{from} 起可以登记患者未到',
  'absence.of.you.patient': '机构说你没有来',
  'absence.of.you.clinic': '患者说机构没有治疗',
  'absence.of.other.patient': '你登记了机构未到',
  'absence.of.other.clinic': '你登记了患者未到',
  'absence.until.you': '不是这样？请在 {until} 之前反对。',
  'absence.until.other': '对方可以在 {until} 之前反对。反对了就进入争议，由双方谈或由评估组裁定。',
  'absence.follows': '没有人反对：付给机构 {clinic}，退给患者 {patient}。',
  'absence.object': '反对，不是这样',
  'absence.object.text': '反对后这笔钱冻结，进入争议：先谈，谈不拢由评估组裁定。没有人裁定，钱退给患者。',
  'absence.settled.clinic': '机构没有反对，钱已全部退回。',
  'absence.settled.patient': '患者没有反对，已按合同结清。',
  'absence.demo.late': '演示：预约时间过了半小时',
  'absence.demo.over': '演示：两天过去，没有人反对',
} as const;
