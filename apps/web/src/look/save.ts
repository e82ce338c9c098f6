/** Puts a file into the person's downloads. */
export const saveFile = (name: string, text: string, type: string): void => save(name, text, type);

export const saveBytes = (name: string, bytes: Uint8Array<ArrayBuffer>, type: string): void =>
  save(name, bytes, type);

function save(name: string, part: BlobPart, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([part], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
