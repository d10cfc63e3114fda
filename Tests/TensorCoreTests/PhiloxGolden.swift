// Written by Golden/make_philox.py from numpy 2.4.6.

/// Raw words of numpy's Philox, with key and counter.
enum PhiloxGolden {
  static let cases: [(seed: UInt64, stream: UInt64, block: UInt64, words: [UInt64])] = [
    (
      0x0, 0x0, 0x0,
      [
        0x02f4ba6408e4d89b, 0x3dd62b0b9ca8c5b2, 0x1c8667a55d902e79, 0x907d7a052fd5b4dc,
        0x809bf322883987c3, 0x471128b9e807f7dd, 0xf250ba0dbec065b7, 0xfc6ed66767a457bc,
      ]
    ),
    (
      0x2a, 0x0, 0x0,
      [
        0xd1f8817d4d62880e, 0x307266b65cc8797e, 0xde1f04e7f084ed03, 0x65034a8e78cd1e59,
        0x5e3daa8961c3e3d3, 0x6f37dea4a04bd05c, 0x31d3a1ae26e190b9, 0x0fef7fae0ab2a01a,
      ]
    ),
    (
      0xffffffffffffffff, 0x7, 0x0,
      [
        0x132b66d32865281e, 0xd96a83b4814b47c1, 0xee2fffd72252ae08, 0x120a90e67b54ba1f,
        0x5606de1ec52ead99, 0xe7badc1a8d7de76a, 0x6e249235b12e192c, 0x192835fa5f6c209f,
      ]
    ),
    (
      0x2a, 0x0, 0x3e8,
      [
        0x6c0bb45518fe0ba2, 0xf808c11adcd8babe, 0xe0b111cfea859862, 0x886d37901cfd8595,
        0x58793861629eb127, 0x4e289be44bcffa08, 0x300c090a6801b05a, 0x9e112f54f27d5ee0,
      ]
    ),
    (
      0x1, 0x8000000000000000, 0xfffffffffffffffe,
      [
        0xa3e94754f38a857c, 0x05bb4108b7baba6d, 0x358fca5f1bd94ed5, 0x0d9683b5f0b6b25a,
        0xd3b689ef3b8c89fd, 0xf6322b64ae1c8226, 0xe2a6c07300142d5d, 0x72c860f3f392c6a8,
      ]
    ),
  ]
}
