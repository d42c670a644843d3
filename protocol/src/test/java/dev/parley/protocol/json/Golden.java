package dev.parley.protocol.json;

import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ServerFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the golden frames: files that the reader, the writer, {@code asyncapi.yaml} and the JavaScript client are all held against.
 *
 * @param name the file, without its ending: {@code client/send}
 * @param json its one line
 */
record Golden(String name, String json) {
    private static final Path FOLDER = Path.of("golden");

    static List<Golden> all() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Golden::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Golden> ofClient() {
        return all().stream().filter(Golden::isOfClient).toList();
    }

    static List<Golden> ofServer() {
        return all().stream().filter(golden -> !golden.isOfClient()).toList();
    }

    private static Golden read(Path file) {
        try {
            String name = FOLDER.relativize(file).toString().replace('\\', '/').replace(".json", "");
            return new Golden(name, Files.readString(file).stripTrailing());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isOfClient() {
        return name.startsWith("client/");
    }

    byte[] utf8() {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads it, or something made of it, as whichever side's it is. */
    Object read(FrameReader reader, byte[] utf8) {
        return isOfClient() ? reader.readClient(utf8, 0, utf8.length) : reader.readServer(utf8, 0, utf8.length);
    }

    static byte[] write(Object frame) {
        return frame instanceof ClientFrame client ? FrameWriter.write(client) : FrameWriter.write((ServerFrame) frame);
    }

    @Override
    public String toString() {
        return name;
    }
}
