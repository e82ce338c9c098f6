/** What is planted: clinical sentences that stand nowhere else, each with a mark of its own, and drawn faces. */
import { barePhoto } from '@zhenmei/vault/core/photos/bare-photo.ts';
import { drawFace } from '../drawn-face.ts';
import { type Planted, plantedPicture, plantedText } from './search.ts';

const SENTENCES = [
  '右颊注射后淤青',
  '鼻基底填充过敏反应',
  '对利多卡因有严重皮疹',
  '产后黄褐斑复发',
  '左眼睑下垂三周',
  'melasma came back after pregnancy',
  'swelling of the left cheek',
  'takes isotretinoin since spring',
  'keloid on the chest',
  'herpes after laser',
] as const;

export class Plants {
  readonly all: Planted[] = [];
  private readonly marks: (length: number) => Uint8Array;

  /** @param random for the marks: no other text has them */
  constructor(random: (length: number) => Uint8Array) {
    this.marks = random;
  }

  /** A sentence to be written somewhere; searched for by its mark, so that a part of it is enough. */
  text(): string {
    const mark = [...this.marks(16)].map((b) => 'abcdefghjkmnpqrstuvwxyz23456789'[b % 31]).join('');
    const text = `${SENTENCES[this.all.length % SENTENCES.length]} ${mark}`;
    this.all.push({ ...plantedText(mark), name: text });
    return text;
  }

  /** A photo to be kept, without its metadata; its place is searched for as well. */
  face(): Uint8Array<ArrayBuffer> {
    const n = this.all.length;
    const place = [...this.marks(16)].map((b) => 'ABCDEFGHJKLMNPQRSTUVWXYZ'[b % 24]).join('');
    const face = drawFace(n, place);
    const bare = barePhoto(face.file).bytes;
    const middle = Math.floor(bare.length / 2);
    const packed = [Buffer.from(bare.subarray(middle, middle + 32)), Buffer.from(bare.subarray(-60, -28))];
    const points = [62, 75, 108].map((y) => face.rows.subarray(y * 361 + 120, y * 361 + 168));
    const picture = plantedPicture(`face ${n}`, [...packed, ...points]);
    this.all.push({ ...picture, needles: [...picture.needles, ...plantedText(place).needles] });
    return bare;
  }
}
