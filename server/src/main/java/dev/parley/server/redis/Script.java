package dev.parley.server.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A Lua script from a resource file, run by its hash and sent in full only to a Redis that does not have it yet. Any thread. */
public final class Script {
    private final byte[] text;
    private final byte[] hash;

    private Script(byte[] text) {
        this.text = text;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
            this.hash = HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException every) {
            throw new IllegalStateException("every JDK has SHA-1", every);
        }
    }

    /**
     * Reads a script.
     *
     * @param beside the class beside whose package the file lies among the resources
     * @param file the file's name, such as {@code append.lua}
     */
    public static Script of(Class<?> beside, String file) {
        try (InputStream in = beside.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + file + " beside " + beside.getName());
            }
            return new Script(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins a call: first the keys, then the arguments. */
    public Call call() {
        return new Call(this);
    }

    /** One call of a script. Not for several threads; not changed any more once it is sent. */
    public static final class Call {
        /** Stands for the command that publishes, which depends on the server that will run the script. */
        private static final Object PUBLISH = new Object();

        private final Script script;
        private final List<Object> keys = new ArrayList<>();
        private final List<Object> arguments = new ArrayList<>();

        private Call(Script script) {
            this.script = script;
        }

        /** Adds a key; a script names all keys it touches. */
        public Call key(String key) {
            keys.add(key);
            return this;
        }

        public Call arg(String argument) {
            arguments.add(argument);
            return this;
        }

        public Call arg(long argument) {
            arguments.add(argument);
            return this;
        }

        public Call arg(byte[] argument) {
            arguments.add(argument);
            return this;
        }

        /** Adds the name of the command by which this script can publish where it will run. */
        public Call publish() {
            arguments.add(PUBLISH);
            return this;
        }

        /** The first key, which decides where the script is run: all others must be in the same slot. */
        String key() {
            return (String) keys.get(0);
        }

        Request byHash(Command publish) {
            return request(Command.EVALSHA, script.hash, publish);
        }

        Request inFull(Command publish) {
            return request(Command.EVAL, script.text, publish);
        }

        private Request request(Command command, byte[] what, Command publish) {
            // A fresh array each time: the driver encodes in place.
            Object[] all = new Object[2 + keys.size() + arguments.size()];
            all[0] = what;
            all[1] = keys.size();
            int at = 2;
            for (Object key : keys) {
                all[at++] = key;
            }
            for (Object argument : arguments) {
                all[at++] = argument == PUBLISH ? publish.toString() : argument;
            }
            return Request.cmd(command, all);
        }
    }
}
