package dev.parley.protocol.json;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Ref;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.Role;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Makes arbitrary well-formed frames; the same ones again from the same seed. */
final class FrameGenerator {
    private static final String NAME_CHARACTERS = "abcXYZ019._:@-";
    private static final String[] TEXT_PIECES = {
        "a",
        "Z",
        " ",
        "\"",
        "\\",
        "/",
        "ü",
        "\u07FF",
        "\u0800",
        "語",
        "\u2028",
        "\uFFFD",
        "\uFFFF",
        "😀",
        "\uD800\uDC00",
        "\uDBFF\uDFFF"
    };
    private static final String[] CONTROLS = {"\n", "\r", "\t", "\0", "\u001f", "\u007f", "\u0085"};

    private final Random random;

    FrameGenerator(long seed) {
        random = new Random(seed);
    }

    ClientFrame clientFrame() {
        return switch (random.nextInt(20)) {
            case 0 -> new ClientFrame.Hello(id(), maybe(this::text), maybe(this::client), resume());
            case 1 -> new ClientFrame.Join(id(), group(), maybe(this::since));
            case 2 -> new ClientFrame.Leave(id(), group());
            case 3 -> history();
            case 4 -> new ClientFrame.PresenceQuery(id(), group());
            case 5 -> new ClientFrame.Read(id(), address(), count());
            case 6 -> new ClientFrame.Typing(id(), address(), random.nextBoolean());
            case 7 -> new ClientFrame.Refresh(id(), text());
            case 8 -> new ClientFrame.Ping(id());
            case 9 -> new ClientFrame.Pong(id());
            case 10 -> new ClientFrame.Member(id(), group(), user(), maybe(this::role));
            case 11 -> new ClientFrame.Remove(id(), group(), user());
            case 12 ->
                new ClientFrame.Members(id(), group(), maybe(this::label), 1 + random.nextInt(Limits.MEMBERS_MAX));
            case 17 ->
                new ClientFrame.Conversations(
                        id(), maybe(this::group), maybe(() -> group().name()), 1 + random.nextInt(Limits.HISTORY_MAX));
            case 13 -> new ClientFrame.Describe(id(), group(), maybe(this::label), maybe(this::label));
            case 14 -> new ClientFrame.Receipts(id(), group());
            case 15 ->
                new ClientFrame.Search(
                        id(), address(), label(), maybe(this::count), 1 + random.nextInt(Limits.SEARCH_MAX));
            case 16 -> new ClientFrame.Settings(id(), group(), RawJson.of("[" + count() + ",{}]"));
            default -> send();
        };
    }

    ServerFrame serverFrame() {
        return switch (random.nextInt(17)) {
            case 0 -> welcome();
            case 1, 2, 3 -> new ServerFrame.Ack(id(), result());
            case 4 -> new ServerFrame.Error(id(), one(ErrorCode.values()), text(), maybe(this::count));
            case 5 -> new ServerFrame.Skip(address().channel(), label(), count(), count());
            case 6 ->
                new ServerFrame.Gap(
                        address().channel(), label(), count(), count(), one(ServerFrame.GapReason.values()));
            case 7 ->
                new ServerFrame.Presence(
                        group().name(),
                        maybe(this::user),
                        maybe(this::text),
                        maybe(() -> one(ServerFrame.PresenceState.values())),
                        maybe(this::smallCount),
                        maybe(this::count));
            case 8 -> new ServerFrame.Typing(address(), user(), maybe(this::text), random.nextBoolean());
            case 9 ->
                new ServerFrame.Receipt(
                        address().channel(),
                        user(),
                        count(),
                        maybe(this::count),
                        maybe(this::count),
                        maybe(this::count));
            case 10 ->
                new ServerFrame.Membership(
                        group().name(), one(ServerFrame.MembershipState.values()), maybe(this::role), cursor());
            case 11 -> new ServerFrame.Expiring(count());
            case 12 -> new ServerFrame.Draining(count());
            case 13 -> random.nextBoolean() ? new ServerFrame.Ping() : new ServerFrame.Pong(id());
            case 14 -> new ServerFrame.Settings(group().name(), data());
            default -> message();
        };
    }

    Envelope envelope() {
        Sender from = random.nextBoolean() ? new Sender.Person(user(), text(), text()) : new Sender.Service(text());
        return new Envelope(address(), from, label(), label(), count(), data(), maybe(this::ref), several(this::user));
    }

    private ClientFrame.Send send() {
        List<String> except = several(this::user);
        return new ClientFrame.Send(
                id(),
                address(),
                data(),
                label(),
                maybe(this::label),
                random.nextBoolean(),
                random.nextBoolean(),
                except,
                maybe(this::ref),
                several(this::user));
    }

    private ClientFrame history() {
        Long bound = maybe(this::count);
        boolean before = random.nextBoolean();
        int limit = 1 + random.nextInt(Limits.HISTORY_MAX);
        return new ClientFrame.History(id(), address(), before ? bound : null, before ? null : bound, limit);
    }

    private List<ClientFrame.Resume> resume() {
        Set<String> channels =
                new HashSet<>(several(() -> random.nextBoolean() ? address().channel() : text()));
        return channels.stream()
                .map(channel -> new ClientFrame.Resume(channel, maybe(this::cursor)))
                .toList();
    }

    private ClientFrame.Client client() {
        return new ClientFrame.Client(maybe(this::text), maybe(this::text));
    }

    private ClientFrame.Since since() {
        return random.nextBoolean() ? new ClientFrame.Since.After(cursor()) : new ClientFrame.Since.Last(count());
    }

    private ServerFrame welcome() {
        return new ServerFrame.Welcome(
                id(),
                text(),
                new ServerFrame.User(user(), text()),
                text(),
                several(() -> new ServerFrame.Followed(
                        text(),
                        maybe(this::cursor),
                        maybe(this::count),
                        maybe(this::role),
                        maybe(random::nextBoolean),
                        maybe(() -> one(ErrorCode.values())))),
                new ServerFrame.Heartbeat(count(), count()),
                new Limits(smallCount(), smallCount(), smallCount(), smallCount(), smallCount(), smallCount()),
                count(),
                maybe(this::count),
                maybe(this::text));
    }

    private Result result() {
        return switch (random.nextInt(10)) {
            case 0 -> new Result.Done();
            case 1 ->
                new Result.Joined(
                        group().name(),
                        cursor(),
                        maybe(this::role),
                        maybe(this::count),
                        maybe(this::text),
                        maybe(this::text));
            case 2 -> new Result.Page(several(this::message), random.nextBoolean(), maybe(this::count));
            case 3 ->
                new Result.Present(
                        several(() -> new ServerFrame.PresentUser(user(), maybe(this::text), smallCount(), count())),
                        count(),
                        random.nextBoolean(),
                        several(() -> new ServerFrame.AwayUser(user(), maybe(this::text), maybe(this::count))));
            case 5 -> new Result.Conversations(several(this::conversation), random.nextBoolean());
            case 6 -> new Result.Marked(count(), count());
            case 7 -> new Result.Receipts(several(() -> new ServerFrame.Position(user(), count(), maybe(this::count))));
            case 4 -> new Result.Refreshed(maybe(this::count));
            case 8 ->
                new Result.Members(
                        several(() -> new ServerFrame.GroupMember(user(), maybe(this::text), role(), count())),
                        count(),
                        maybe(this::text));
            default ->
                new Result.Sent(label(), address().channel(), maybe(this::cursor), count(), random.nextBoolean());
        };
    }

    private ServerFrame.Conversation conversation() {
        return new ServerFrame.Conversation(
                group().name(),
                maybe(this::role),
                maybe(this::text),
                maybe(this::text),
                count(),
                cursor(),
                maybe(this::count),
                count(),
                count(),
                maybe(this::data),
                several(this::message),
                maybe(() -> new ServerFrame.Other(
                        user(), maybe(this::text), maybe(this::count), maybe(this::count), maybe(this::count))));
    }

    private ServerFrame.Message message() {
        return new ServerFrame.Message(address().channel(), maybe(this::cursor), envelope());
    }

    private RequestId id() {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> new RequestId.Text(upTo(64, text()));
            default -> new RequestId.Number(random.nextBoolean() ? count() : -count());
        };
    }

    private Address address() {
        return switch (random.nextInt(4)) {
            case 0 -> Address.EVERYONE;
            case 1 -> group();
            case 2 -> new Address.User(user());
            default -> new Address.Connection(name(128) + "~");
        };
    }

    private Address.Group group() {
        return new Address.Group(name(128) + "~");
    }

    private String user() {
        return name(60);
    }

    private String name(int max) {
        StringBuilder name = new StringBuilder();
        for (int left = 1 + random.nextInt(random.nextInt(10) == 0 ? max - 1 : 12); left > 0; left--) {
            name.append(NAME_CHARACTERS.charAt(random.nextInt(NAME_CHARACTERS.length())));
        }
        return name.toString();
    }

    private Cursor cursor() {
        return new Cursor(label(), count());
    }

    private Role role() {
        return one(Role.values());
    }

    private Ref ref() {
        return new Ref(label(), one(Ref.Kind.values()), maybe(this::count));
    }

    private long count() {
        return switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(3);
                    case 1 -> Limits.COUNT_MAX - random.nextInt(3);
                    case 2 -> random.nextInt();
                    default -> random.nextLong();
                }
                & Limits.COUNT_MAX;
    }

    private int smallCount() {
        return (int) count() & Integer.MAX_VALUE;
    }

    /** A string of 1 to 64 characters without control characters. */
    private String label() {
        StringBuilder label = new StringBuilder("x");
        for (int left = random.nextInt(20); left > 0; left--) {
            label.append(one(TEXT_PIECES));
        }
        return label.toString();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(20); left > 0; left--) {
            text.append(random.nextInt(5) == 0 ? one(CONTROLS) : one(TEXT_PIECES));
        }
        return text.toString();
    }

    private static String upTo(int max, String text) {
        return text.length() > max ? "" : text;
    }

    /** A JSON value with white space in it, as nobody but a test would write it. */
    RawJson data() {
        StringBuilder json = new StringBuilder();
        value(json, 0);
        return RawJson.of(json.toString());
    }

    private void value(StringBuilder json, int depth) {
        switch (random.nextInt(depth > 4 ? 6 : 8)) {
            case 0 -> json.append("null");
            case 1 -> json.append(random.nextBoolean());
            case 2 -> json.append(random.nextLong());
            case 3 -> json.append(random.nextDouble() * 1e12);
            case 4 -> json.append("\"\\ud83d \\u0000\\n\\/ half a pair, and more\"");
            case 5 ->
                json.append('"')
                        .append(label().replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            case 6 -> {
                json.append("[ ");
                for (int left = random.nextInt(4); left > 0; left--) {
                    value(json, depth + 1);
                    json.append(left > 1 ? " ,\t" : " ");
                }
                json.append(']');
            }
            default -> {
                json.append('{');
                for (int left = random.nextInt(4); left > 0; left--) {
                    json.append("\"data\" : "); // the same name again and again is fine in there
                    value(json, depth + 1);
                    json.append(left > 1 ? "," : "");
                }
                json.append(" }");
            }
        }
    }

    private <T> T maybe(Supplier<T> supplier) {
        return random.nextInt(3) == 0 ? null : supplier.get();
    }

    private <T> T one(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> List<T> several(Supplier<T> supplier) {
        List<T> list = new ArrayList<>();
        for (int left = random.nextInt(5); left > 0; left--) {
            list.add(supplier.get());
        }
        return list;
    }
}
