/** Published values, so that what we compute is what others compute. */
const A1_INFO = '4f6465206f6e2061204772656369616e2055726e';

/** RFC 9180, A.1.1 (mode base) and A.1.2 (mode psk): DHKEM(X25519), HKDF-SHA-256, AES-128-GCM. */
export const RFC9180 = {
  suite: { kem: 0x0020, aead: 0x0001, keyLength: 16 },
  info: A1_INFO,
  base: {
    shared: 'fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc',
    key: '4531685d41d65f03dc48f6b8302c05b0',
    nonce: '56d890e5accaaf011cff4b7d',
    aad: '436f756e742d30',
    text: '4265617574792069732074727574682c20747275746820626561757479',
    cipher: 'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
  },
  psk: {
    shared: '727699f009ffe3c076315019c69648366b69171439bd7dd0807743bde76986cd',
    secret: '0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82',
    id: '456e6e796e20447572696e206172616e204d6f726961',
    key: '15026dba546e3ae05836fc7de5a7bb26',
    nonce: '9518635eba129d5ce0914555',
  },
};

/** draft-connolly-cfrg-xwing-kem, appendix C, first vector; the long values by what they begin with. */
export const XWING = {
  seed: '7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26',
  coins:
    '3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2',
  publicKeyStart: 'e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5b19cfc3d',
  publicKeyEnd: 'eff389b27dce59844570216223593d4ba32d9abac8cd049040ef6534',
  cipherStart: 'b83aa828d4d62b9a83ceffe1d3d3bb1ef31264643c070c5798927e41fb07914a273f8f96',
  cipherEnd: 'e6fb2e15',
  shared: 'd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384',
};
