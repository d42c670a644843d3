package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A client as the protocol wants it: says hello, matches answers to requests, answers pings, and holds every frame against the promise about cursors as it
 * reads it. Reads only while a test waits for something. One thread at a time.
 */
final class Person implements AutoCloseable {
    final RawSocket socket;
    final Places places = new Places();
    private final Deque<JsonObject> unseen = new ArrayDeque<>();
    private final Map<Integer, JsonObject> asked = new HashMap<>();
    private JsonObject welcome;
    private int closeCode;
    private int ids;
    private long pings;

    private Person(RawSocket socket) {
        this.socket = socket;
    }

    /** Somebody connected who has not said hello. */
    static Person silent(URI root) {
        return silent(RawSocket.open(root));
    }

    /** Somebody who has shaken hands and not said hello. */
    static Person silent(RawSocket socket) {
        return new Person(socket);
    }

    /** A user with a token. */
    static Person of(URI root, String user, String... roles) {
        return with(RawSocket.open(root), Say.hello(TestToken.of(user, roles)));
    }

    /** A user who was away. */
    static Person back(URI root, String user, JsonObject resume) {
        return with(RawSocket.open(root), Say.hello(TestToken.of(user)).put("resume", resume));
    }

    /** Somebody with a hello of their own. */
    static Person with(RawSocket socket, JsonObject hello) {
        Person person = new Person(socket);
        person.welcome = person.ask(hello);
        assertThat(person.welcome.getString("type")).as("%s", person.welcome).isEqualTo("welcome");
        return person;
    }

    /** Somebody whose hello was said and answered already. */
    static Person welcomed(RawSocket socket, RawSocket.Frame answer) {
        Person person = new Person(socket);
        person.welcome = new JsonObject(answer.text());
        person.hear(person.welcome);
        return person;
    }

    JsonObject welcome() {
        return welcome;
    }

    String connection() {
        return welcome.getString("connection");
    }

    String user() {
        return welcome.getJsonObject("user").getString("id");
    }

    /** What the welcome says of a channel. */
    JsonObject welcome(String channel) {
        return welcome.getJsonArray("channels").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("channel").equals(channel))
                .findAny()
                .orElseThrow();
    }

    /** Says something without waiting for anything. */
    void say(JsonObject... frames) {
        List<String> lines = new ArrayList<>();
        for (JsonObject frame : frames) {
            if (frame.getValue("id") instanceof Integer id) {
                asked.put(id, frame);
            }
            lines.add(frame.encode());
        }
        socket.text(String.join("\n", lines));
    }

    /** A request with the next id, to be said. */
    JsonObject numbered(JsonObject request) {
        return JsonObject.of("id", ++ids).mergeIn(request);
    }

    /** Makes a request and gives its one answer. */
    JsonObject ask(JsonObject request) {
        JsonObject numbered = numbered(request);
        say(numbered);
        return answerTo(numbered);
    }

    /** The answer to a request that was said with an id. */
    JsonObject answerTo(JsonObject request) {
        return await(frame -> request.getInteger("id").equals(frame.getValue("id")));
    }

    /** Makes a request that is taken, and gives its ack. */
    JsonObject accepted(JsonObject request) {
        JsonObject answer = ask(request);
        assertThat(answer.getString("type")).as("%s to %s", answer, request).isEqualTo("ack");
        return answer;
    }

    /** Makes a request that is refused with that code, and gives the error. */
    JsonObject refused(JsonObject request, String code) {
        return checkedError(ask(request), code);
    }

    /** The next error, which has that code. */
    JsonObject error(String code) {
        return checkedError(next("error"), code);
    }

    private static JsonObject checkedError(JsonObject error, String code) {
        assertThat(error.getString("type")).as("%s", error).isEqualTo("error");
        assertThat(error.getString("code")).as("%s", error).isEqualTo(code);
        assertThat(error.getString("detail"))
                .as("%s", error)
                .isNotBlank()
                .doesNotContain("Exception", "dev.parley", "java.", "com.fasterxml");
        boolean retryable = List.of("rate_limited", "unavailable", "internal").contains(code);
        assertThat(error.getBoolean("retryable")).as("%s", error).isEqualTo(retryable);
        return error;
    }

    /** Joins a group and gives the ack. */
    JsonObject join(String group) {
        return accepted(Say.join(group));
    }

    /** Sends something that is taken and gives the ack. */
    JsonObject send(JsonObject to, Object data) {
        return accepted(Say.send(to, data));
    }

    /** The first frame of a type that no test has asked for yet. */
    JsonObject next(String type) {
        return await(frame -> frame.getString("type").equals(type));
    }

    /** The data of the next message. */
    Object nextData() {
        return next("message").getValue("data");
    }

    /** The first frame like that which no test has asked for yet. */
    JsonObject await(Predicate<JsonObject> like) {
        for (Iterator<JsonObject> known = unseen.iterator(); known.hasNext(); ) {
            JsonObject frame = known.next();
            if (like.test(frame)) {
                known.remove();
                return frame;
            }
        }
        long begun = System.nanoTime();
        while (true) {
            JsonObject frame = read();
            assertThat(frame).as("a frame before close %d", closeCode).isNotNull();
            if (like.test(frame)) {
                return frame;
            }
            unseen.add(frame);
            assertInTime(begun);
        }
    }

    /** Reads until the cursor of a channel is there. */
    void catchUp(String channel, long seq) {
        while (places.of(channel).seq() < seq) {
            JsonObject frame = read();
            assertThat(frame).as("a frame before close %d", closeCode).isNotNull();
            unseen.add(frame);
        }
    }

    /** Reads all that was sent before the server answers a ping, and gives all that no test has asked for yet. */
    List<JsonObject> all() {
        JsonObject pong = ask(Say.ping());
        assertThat(pong.getString("type")).isEqualTo("pong");
        return heard();
    }

    /** All that was read and that no test has asked for yet. */
    List<JsonObject> heard() {
        List<JsonObject> heard = List.copyOf(unseen);
        unseen.clear();
        return heard;
    }

    /** Reads until the server has asked for a sign of life, and gives it. */
    void awaitPing() {
        long before = pings;
        while (pings == before) {
            JsonObject frame = readOne();
            assertThat(frame).as("a frame before close %d", closeCode).isNotNull();
            if (!isPing(frame)) {
                unseen.add(frame);
            }
        }
    }

    /** Reads until the server closes, and gives the code. */
    int awaitClose() {
        for (JsonObject frame = read(); frame != null; frame = read()) {
            unseen.add(frame);
        }
        return closeCode;
    }

    /** The next frame apart from pings, null once the server closes. */
    private JsonObject read() {
        long begun = System.nanoTime();
        JsonObject frame = readOne();
        while (frame != null && isPing(frame)) {
            assertInTime(begun);
            frame = readOne();
        }
        return frame;
    }

    /** A server that only pings keeps a socket from timing out. */
    private void assertInTime(long begun) {
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("waiting, having heard %s", unseen)
                .isLessThan(Duration.ofMillis(RawSocket.PATIENCE_MILLIS));
    }

    private JsonObject readOne() {
        RawSocket.Frame frame = socket.read();
        if (frame == null || frame.opcode() == RawSocket.CLOSE) {
            closeCode = frame == null ? 1006 : frame.closeCode();
            return null;
        }
        assertThat(frame.opcode()).isEqualTo(RawSocket.TEXT);
        JsonObject json = new JsonObject(frame.text());
        if (isPing(json)) {
            pings++;
            say(JsonObject.of("type", "pong"));
        } else {
            hear(json);
        }
        return json;
    }

    private static boolean isPing(JsonObject frame) {
        return frame.getString("type").equals("ping");
    }

    private void hear(JsonObject frame) {
        JsonObject request = frame.getValue("id") instanceof Integer id ? asked.remove(id) : null;
        switch (frame.getString("type")) {
            case "welcome" -> places.welcomed(frame, request == null ? null : request.getJsonObject("resume"));
            case "ack" -> acknowledged(frame, request);
            default -> places.take(frame);
        }
    }

    private void acknowledged(JsonObject ack, JsonObject request) {
        assertThat(request).as("the request of %s", ack).isNotNull();
        if (request.getString("type").equals("join")) {
            places.joined(ack, request.getJsonObject("since"));
        } else if (request.getString("type").equals("leave") && !isDurable(request.getString("group"))) {
            places.left("group/" + request.getString("group"));
        }
    }

    /** Of a durable group, one's own entry about the leaving still comes. */
    private static boolean isDurable(String group) {
        return group.startsWith("chat:") || group.startsWith("dm:");
    }

    @Override
    public void close() {
        socket.close();
    }
}
