package dev.parley.server.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses that begin alike.
 *
 * @param prefix the address whose first bits count
 * @param bits how many of them
 */
record Network(byte[] prefix, int bits) {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** Reads an address or a network in CIDR notation; empty when it is neither. */
    static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        Optional<byte[]> address = address(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int most = address.get().length * Byte.SIZE;
        if (slash < 0) {
            return Optional.of(new Network(address.get(), most));
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > most) {
            return Optional.empty();
        }
        return Optional.of(new Network(address.get(), Integer.parseInt(length)));
    }

    /** The bytes of an address that is written in figures: 4, or 16; never asks a name server. */
    static Optional<byte[]> address(String text) {
        int zone = text.indexOf('%');
        String figures = zone < 0 ? text : text.substring(0, zone);
        if (!IPV4.matcher(figures).matches() && !IPV6.matcher(figures).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(figures).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty(); // figures that make no address
        }
    }

    /** An IPv4 address in figures. */
    static String written(byte[] ipv4) {
        return (ipv4[0] & 0xFF) + "." + (ipv4[1] & 0xFF) + "." + (ipv4[2] & 0xFF) + "." + (ipv4[3] & 0xFF);
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
            return false;
        }
        int left = bits % Byte.SIZE;
        return left == 0 || ((address[whole] ^ prefix[whole]) & 0xFF) >> Byte.SIZE - left == 0;
    }
}
