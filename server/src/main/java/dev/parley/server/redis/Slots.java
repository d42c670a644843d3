package dev.parley.server.redis;

import java.nio.charset.StandardCharsets;

/** To which of a Redis Cluster's slots a key belongs: CRC16 (XMODEM) of the key, or of the part of it in the first braces. Any thread. */
final class Slots {

    /** How many slots every Redis Cluster has. */
    static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;
    private static final int[] TABLE = table();

    private Slots() {}

    static int of(String key) {
        int open = key.indexOf('{');
        int close = open < 0 ? -1 : key.indexOf('}', open + 1);
        return crc16(close > open + 1 ? key.substring(open + 1, close) : key) % COUNT;
    }

    private static int crc16(String text) {
        int crc = 0;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            crc = crc << 8 & 0xffff ^ TABLE[crc >>> 8 ^ each & 0xff];
        }
        return crc;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc << 1 ^ ((crc & 0x8000) == 0 ? 0 : POLYNOMIAL);
            }
            table[i] = crc & 0xffff;
        }
        return table;
    }
}
