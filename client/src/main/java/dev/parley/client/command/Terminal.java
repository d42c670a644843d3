package dev.parley.client.command;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Standard input, output and error, in UTF-8: also in the C locale of containers, where Java would print question marks. On Windows, the console's own charset.
 * May be used from any thread; each line is written whole.
 */
final class Terminal {
    private static final Charset CHARSET =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")
                    ? Charset.forName(System.getProperty("native.encoding", "UTF-8"))
                    : StandardCharsets.UTF_8;
    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, CHARSET);
    private static final PrintStream ERR = new PrintStream(new FileOutputStream(FileDescriptor.err), true, CHARSET);

    private Terminal() {}

    /** Prints a line of result. */
    static void print(String line) {
        OUT.println(line);
    }

    /** Prints JSON, which has no line break, as a line. */
    static void print(byte[] json) {
        synchronized (OUT) {
            OUT.write(json, 0, json.length);
            OUT.println();
        }
    }

    /** Whether nobody reads the results any more, as after {@code | head}. */
    static boolean outputClosed() {
        return OUT.checkError();
    }

    /** Says something that is no result. */
    static void note(String sentence) {
        ERR.println("parley: " + printable(sentence));
    }

    static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, CHARSET));
    }

    /** Text of others with its control characters made harmless: they could rewrite the screen. Line breaks stay, indented. */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                safe.append("\n    ");
            } else if (c != '\t' && c != '\r' && isControl(c)) {
                safe.append('\uFFFD');
            } else if (c != '\r') {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    /** Control characters, and the marks that turn the direction of writing. */
    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    }
}
