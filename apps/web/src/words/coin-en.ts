/** Words for paying in a coin, in English. */
import type { coinZh } from './coin-zh.ts';

export const coinEn: Record<keyof typeof coinZh, string> = {
  'rail.token': 'Digital coin',
  'rail.token.text': 'From your own app or a trading platform, to this agreement’s own address',
  'coin.terms':
    'The money is held in the stablecoin {coin}, counted one to one. What is refunded comes back to this agreement’s address; from there you sign it home to an address that you name.',
  'coin.lead':
    'Pay in the stablecoin {coin}. The address belongs to this agreement alone and only your device can move what lies there; once all of it has arrived, you sign it into the held account.',
  'coin.price': 'Price {price}, paid one to one',
  'coin.by': 'Pay all of it by {until}. What arrives later does not count, and you can have it sent home.',
  'coin.to': 'Pay to this address',
  'coin.copy': 'Copy the address',
  'coin.copied': 'Copied',
  'coin.qr': 'Code to pay with: the address and the amount',
  'coin.network': 'Network',
  'coin.network.number': 'Network number {n}',
  'coin.which': 'Coin',
  'coin.contract': 'Address of the coin’s contract',
  'coin.rules': 'Before you pay',
  'coin.rule.network':
    'Use the network “{network}” only. Money that is sent on another network is not seen here, and getting it back is slow.',
  'coin.rule.coin': 'Pay {coin} only. Any other coin counts for nothing and can only be sent home.',
  'coin.rule.exact':
    'Exactly {amount} {coin} has to arrive; fees come on top. You may pay in parts, and what is too much can be sent home.',
  'coin.rule.safe': 'Copy the address from this page each time; do not use an earlier one.',
  'coin.state.waiting': 'Nothing has arrived yet',
  'coin.state.seen': '{amount} {coin} was seen; waiting for the network to confirm it',
  'coin.state.part': '{amount} {coin} is confirmed, {missing} {coin} is missing',
  'coin.state.complete': 'All of it has arrived and can be put into the held account',
  'coin.state.stopped':
    'All of it is there, but cannot be moved now: the issuer of {coin} has paused transfers or stopped this address. This page goes on by itself once that ends; you can also ask the issuer.',
  'coin.state.fee-taken':
    'Less arrived than was sent: this coin takes a fee from transfers, so it cannot pay here. Please ask the clinic for another way to pay.',
  'coin.state.over':
    'This offer has ended or was called off; nothing is taken any more. What was sent can be sent home.',
  'coin.state.held': 'The money is held',
  'coin.hold': 'Sign it into the held account',
  'coin.holding': 'Putting it into the held account',
  'coin.trail': 'What has arrived',
  'coin.from': 'from {from}',
  'coin.counted': '{amount} {coin} counts',
  'coin.other': 'Another coin (all of it)',
  'coin.why.wrong-token': 'This is not {coin}. It does not count and can be sent home.',
  'coin.why.late': 'It came after the time to pay. It does not count and can be sent home.',
  'coin.why.paid-already': 'All was paid before; this one can be sent home.',
  'coin.why.too-much': 'Too much; the rest can be sent home.',
  'coin.why.not-completed': 'The sum was not complete in time; it can be sent home.',
  'coin.why.called-off': 'The offer has ended or was called off; it can be sent home.',
  'coin.why.refund': 'Refunded to you; it can be sent home.',
  'coin.home.title': 'Back to you',
  'coin.home.lead':
    'This money is not the agreement’s, and only you can move it. Name the address it goes to; your device signs.',
  'coin.home.to': 'Address to send it to',
  'coin.home.hint':
    'It came from {from}. If that is a trading platform’s address, nobody may claim it there: name an address of your own.',
  'coin.home.wrong': 'This is no address, or one of its letters is wrong. Copy it and paste it again.',
  'coin.home.sign': 'Sign and send home',
  'coin.home.ask': 'Look again before it is sent',
  'coin.home.askText': '{amount} goes to {to}. Once signed, nobody can change it or bring it back.',
  'coin.home.signed': 'signed, waiting to be sent',
  'coin.home.replaces':
    'A return that you signed is waiting to be sent. One waits on each network, so signing again replaces it: only the new one goes, and what the old one would have sent is still there to sign again.',
  'coin.home.sent': 'sent',
  'coin.home.refused': 'not sent',
  'coin.home.dust':
    'Less than {bound} {coin}: sending it home costs more than it is worth, so it stays at your address. Together with what comes later it can go home.',
  'coin.trouble.waits':
    'It cannot go now: its issuer has stopped transfers, or the network’s fee has to be brought by the platform. Nothing to do; it is tried again for up to a month.',
  'coin.trouble.refused':
    'The network did not take it. It is tried again ever less often; if it does not go in a day, sign it here again.',
  'coin.trouble.overtaken':
    'After you signed, this address sent something else, so this signature counts no more. The money is still there: sign it home again.',
  'coin.trouble.failed':
    'The network carried it out and no money moved. It is still there: sign it home again.',
  'coin.trouble.silent': 'The network does not answer just now; it is tried again.',
  'op.coin.title': 'Coin returns that do not go',
  'op.coin.lead':
    'Their payers have signed them, and nobody can change where they go. Leave alone what is still tried. What has ended you send with the command {command}, or its payer signs it again on the payment page.',
  'op.coin.next': 'tried again {at}',
  'op.coin.over': 'Ended',
  'op.coin.waits': 'Waits for the network’s fee, or its issuer stopped transfers',
  'op.coin.refused': 'The network does not take it',
  'op.coin.overtaken': 'Void: this address has sent something else',
  'op.coin.failed': 'Carried out, and no money moved',
  'op.coin.silent': 'The network does not answer',
  'coin.home.done': 'to {to}',
  'coin.far.title': 'Sent on the wrong network?',
  'coin.far.lead':
    'Your device has the same address on other networks, so the money is not lost. Fill this in and sign; the platform sends it there for you.',
  'coin.far.network': 'Number of the network',
  'coin.far.networkHint': 'The explorer of that network says it',
  'coin.far.token': 'Address of the coin’s contract',
  'coin.far.amount': 'Amount',
  'coin.far.digits': 'Decimals of that coin',
  'coin.far.done': 'Signed. The platform sends it on that network; this page shows what became of it.',
  'coin.clinic.title': 'Earned in stablecoins',
  'coin.clinic.lead':
    'What was released to you in a stablecoin and not taken out yet. It goes to an address of your own and then lies in no account of this platform.',
  'coin.clinic.credit': 'Can be taken out',
  'coin.clinic.held': 'Still held',
  'coin.clinic.paid': 'Taken out',
  'coin.clinic.to': 'Address to send it to',
  'coin.clinic.take': 'Take all of it out',
  'coin.clinic.ask': 'Look again before it is sent',
  'coin.clinic.askText': '{amount} {coin} goes to {to}. Nobody can bring it back.',
  'coin.clinic.none': 'There is nothing to take out now.',
  'coin.clinic.table': '{coin} statement (table)',
};
