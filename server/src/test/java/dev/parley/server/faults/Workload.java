package dev.parley.server.faults;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.parley.server.proof.Acked;
import dev.parley.server.proof.Checker;
import dev.parley.server.proof.Fault;
import dev.parley.server.proof.RawClient;
import dev.parley.server.proof.RefusedException;
import dev.parley.server.proof.Seen;
import dev.parley.server.proof.ServerProcess;
import dev.parley.server.proof.To;
import dev.parley.server.proof.Witness;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The crowd: people with one or two devices each, who talk to groups, each other and everybody, come and go, repeat themselves and miss connections. What is done
 * follows from the seed, when it is done from the machine. One thread acts; answers come on threads of the HTTP client.
 */
final class Workload implements Witness, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int USERS = 30;
    private static final int TURN_MILLIS = 20;
    private static final int UNANSWERED_MAX = 8;
    private static final int FLOOD = 300;
    private static final int SESSIONS_EACH = 2;
    private static final int CHATS_EACH = 2;
    private static final int VOLATILE_KEPT = 4096;
    private static final long REQUEST_NANOS = SECONDS.toNanos(30);

    /** A leave that stops half-way is finished by a sweep some twenty seconds later, or thirty, where Redis lets it; only then other devices hear of it. */
    private static final long LEAVING_NANOS = SECONDS.toNanos(90);

    /** While a replica takes over, its primary may take and acknowledge something a moment longer. */
    private static final long LOSING_NANOS = SECONDS.toNanos(10);

    private static final List<String> SESSIONS =
            IntStream.range(0, 6).mapToObj(i -> "g" + i).toList();
    private static final List<String> CHATS =
            IntStream.range(0, 4).mapToObj(i -> "chat:c" + i).toList();

    private final Random random;
    private final int actionsPerSecond;
    private final Supplier<ServerProcess> servers;
    private final Checker checker;
    private final Anomalies anomalies;
    private final List<Person> people = new ArrayList<>();
    private final Map<RawClient, Person> byClient = new HashMap<>();
    private final Map<RawClient, Set<String>> volatiles = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean lossy;
    private volatile long lossAt;
    private double due;

    /** @param servers gives one that a load balancer would choose now */
    Workload(long seed, int actionsPerSecond, Supplier<ServerProcess> servers, Checker checker, Anomalies anomalies) {
        this.random = new Random(seed);
        this.actionsPerSecond = actionsPerSecond;
        this.servers = servers;
        this.checker = checker;
        this.anomalies = anomalies;
        checker.onHole(this::hole);
    }

    /** Connects everybody and lets them join their groups. */
    void connect() {
        for (int i = 0; i < USERS; i++) {
            add(RawClient.guest("client-" + (i + 1)), new Person.User(some(CHATS, CHATS_EACH)));
        }
        awaitAll("is welcomed", person -> person.client.isOpen());
        for (int i = USERS; i < Plan.CLIENTS; i++) {
            Person first = people.get(i - USERS);
            add(first.client.device("client-" + (i + 1)), first.user);
        }
        awaitAll("is welcomed", person -> person.client.isOpen());
        awaitAll("is where it wants to be", person -> {
            List<String> wanted = new ArrayList<>(person.sessions);
            wanted.addAll(person.user.chats);
            wanted.removeIf(person::isFollowing);
            wanted.forEach(group -> join(person, group));
            return wanted.isEmpty();
        });
    }

    private void add(RawClient client, Person.User user) {
        Person person = new Person(client, user, some(SESSIONS, SESSIONS_EACH));
        people.add(person);
        byClient.put(client, person);
        volatiles.put(client, latest());
        client.watchedBy(this).comingBackTo(servers).dial(servers.get());
    }

    private void awaitAll(String what, Predicate<Person> done) {
        Awaitility.await("everybody " + what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> people.stream().filter(done.negate()).toList().isEmpty());
    }

    /** Begins to act. */
    void begin() {
        thread.scheduleAtFixedRate(this::turn, TURN_MILLIS, TURN_MILLIS, MILLISECONDS);
    }

    /** Ends acting. What was asked is still to be answered. */
    void end() {
        thread.shutdown();
        try {
            thread.awaitTermination(10, SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    List<Person> people() {
        return people;
    }

    /** From now on entries, memberships and all else that Redis alone knows may be lost, and people join again what they are in no more. */
    void dataIsLost() {
        lossAt = System.nanoTime();
        lossy = true;
        checker.allow("epoch");
    }

    boolean isLossy() {
        return lossy;
    }

    /** Lets a number of clients lose their connections. */
    void drop(int first, int count) {
        IntStream.range(first, first + count)
                .mapToObj(i -> people.get(i % people.size()))
                .forEach(person -> person.client.drop());
    }

    /** Sends, on behalf of one client, far more than is allowed at once. */
    void flood(int number) {
        Person person = people.get(number);
        for (int i = 0; i < FLOOD; i++) {
            person.excuse();
            send(person, RawClient.frame(To.user(person.client), "flood " + i));
        }
    }

    @Override
    public void saw(RawClient client, Seen seen) {
        checker.saw(client.name(), client.user(), seen).forEach(fault -> wrong(client, fault));
    }

    @Override
    public void acked(RawClient client, Acked ack) {
        checker.acked(ack).forEach(fault -> wrong(client, fault));
    }

    private void hole(String name, String detail) {
        people.stream()
                .map(person -> person.client)
                .filter(client -> client.name().equals(name))
                .forEach(client -> anomalies.diary(name, client.heard().latest()));
    }

    private void wrong(RawClient client, Fault fault) {
        anomalies.add(fault);
        anomalies.diary(client.name(), client.heard().latest());
    }

    @Override
    public void sawVolatile(RawClient client, JsonObject message) {
        // Who has just come over from another instance may hear from this one what it heard there.
        if (!volatiles.get(client).add(client.connection() + ' ' + message.getString("messageId"))) {
            anomalies.add(Anomalies.Kind.CONTRACT, client + " got a volatile message twice: " + message);
            anomalies.diary(client.name(), client.heard().latest());
        }
    }

    @Override
    public boolean mayBeRefused(RawClient client, String channel) {
        String group = channel.substring(channel.indexOf('/') + 1);
        Person person = byClient.get(client);
        boolean may = CHATS.contains(group) && (isForgotten(person, group) || mayHaveLeft(person, group));
        if (!may) {
            anomalies.add(Anomalies.Kind.CONTRACT, client + " may not resume " + channel + history(person, group));
            anomalies.diary(client.name(), client.heard().latest());
        }
        return may;
    }

    /**
     * Whether Redis lost what it knew of a membership, and the user has not joined since. How long ago that was does not matter: who stays connected goes on in a
     * group that is lost until it is made anew and a look at its members tells so, which takes up to a minute after that, or until the next welcome does.
     */
    private boolean isForgotten(Person person, String group) {
        Long joined = person.joinedAt(group);
        return lossy && CHATS.contains(group) && (joined == null || joined - lossAt < LOSING_NANOS);
    }

    /** Whether a leave may have come after the latest join, which it also may when it was asked for before: there are several instances. */
    private static boolean mayHaveLeft(Person person, String group) {
        Long joined = person.joinedAt(group);
        return joined == null || person.leftSince(group, joined - LEAVING_NANOS);
    }

    @Override
    public boolean mayFlood(RawClient client) {
        return true;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        people.forEach(person -> person.client.close());
    }

    private void turn() {
        try {
            for (due += actionsPerSecond * TURN_MILLIS / 1000.0; due >= 1; due--) {
                act(people.get(random.nextInt(people.size())), random.nextInt(1000));
            }
        } catch (RuntimeException | AssertionError e) {
            anomalies.add(Anomalies.Kind.LABORATORY, "the workload failed: " + e);
        }
    }

    private void act(Person person, int dice) {
        if (dice < 480) {
            say(person, one(person.sessions), new JsonObject());
        } else if (dice < 720) {
            say(person, one(person.user.chats), new JsonObject());
        } else if (dice < 800) {
            send(person, frame(To.user(anybody().client)));
        } else if (dice < 830) {
            send(person, frame(To.all()));
        } else if (dice < 850) {
            send(person, frame(To.connection(anybody().client)));
        } else if (dice < 870) {
            say(person, one(person.sessions), new JsonObject().put("echo", false));
        } else if (dice < 890) {
            JsonArray users = new JsonArray()
                    .add(anybody().client.user())
                    .add(anybody().client.user());
            say(person, one(person.sessions), new JsonObject().put("except", users));
        } else if (dice < 920) {
            say(person, one(person.sessions), new JsonObject().put("volatile", true));
        } else if (dice < 950) {
            repeat(person);
        } else if (dice < 970) {
            comeOrGo(person, dice % 2 == 0 ? one(person.sessions) : one(person.user.chats));
        } else if (dice < 985) {
            comeBack(person);
        } else if (dice < 990) {
            look(person, "presence", one(person.sessions));
        } else if (dice < 997) {
            look(person, "history", one(person.user.chats));
        } else {
            person.client.drop();
        }
    }

    private void say(Person person, String group, JsonObject how) {
        if (person.isFollowing(group)) {
            send(person, frame(To.group(group)).mergeIn(how));
        }
    }

    private void send(Person person, JsonObject frame) {
        boolean flooding = frame.getValue("data").toString().startsWith("flood");
        if (!flooding && (person.client.unanswered() >= UNANSWERED_MAX || person.isSlow())) {
            return;
        }
        long asked = System.nanoTime();
        person.client.send(frame).whenComplete((ack, failure) -> {
            person.answered(asked, frame);
            if (failure == null) {
                if (ack.containsKey("seq")) {
                    person.remember(frame);
                }
            } else {
                refused(person, frame, asked, failure);
            }
        });
    }

    /** Sends once more what was taken before: from this device or from another one, and so perhaps to another instance. */
    private void repeat(Person person) {
        JsonObject before = person.remembered();
        List<Person> devices =
                people.stream().filter(each -> each.user == person.user).toList();
        Person device = devices.get(random.nextInt(devices.size()));
        if (before != null && (groupOf(before) == null || device.isFollowing(groupOf(before)))) {
            JsonObject again = before.copy();
            again.remove("id");
            send(device, again);
        }
    }

    private void comeOrGo(Person person, String group) {
        if (!person.isFollowing(group)) {
            join(person, group);
        } else if (devices(person, group).allMatch(device -> device.isFollowing(group)) && claim(person, group)) {
            person.leaves(group);
            ask(person, new JsonObject().put("type", "leave").put("group", group), group);
        }
    }

    private void comeBack(Person person) {
        List<String> missing = new ArrayList<>();
        person.sessions.stream().filter(group -> !person.isFollowing(group)).forEach(missing::add);
        person.user.chats.stream().filter(group -> !person.isFollowing(group)).forEach(missing::add);
        if (!missing.isEmpty()) {
            join(person, missing.get(random.nextInt(missing.size())));
        }
    }

    private void join(Person person, String group) {
        boolean settled = devices(person, group).noneMatch(device -> device.isFollowing(group));
        if (settled && claim(person, group)) {
            JsonObject join = new JsonObject().put("type", "join").put("group", group);
            if (SESSIONS.contains(group) && random.nextInt(3) == 0) {
                join.put("since", new JsonObject().put("last", random.nextInt(20)));
            }
            ask(person, join, group);
        }
    }

    /** Asks to be in all durable groups again, whether or not they know of it: what Redis knew of them was lost. */
    List<CompletableFuture<JsonObject>> joinChatsAgain() {
        return people.stream()
                .flatMap(person -> person.user.chats.stream()
                        .filter(person::isFollowing)
                        .map(chat -> person.client.ask(
                                new JsonObject().put("type", "join").put("group", chat))))
                .toList();
    }

    private void look(Person person, String type, String group) {
        if (person.isFollowing(group)) {
            JsonObject question = new JsonObject().put("type", type);
            question.put(
                    type.equals("history") ? "channel" : "group", type.equals("history") ? "group/" + group : group);
            ask(person, question, null);
        }
    }

    private void ask(Person person, JsonObject question, String claimed) {
        long asked = System.nanoTime();
        person.client.ask(question).whenComplete((answer, failure) -> {
            release(person, claimed);
            long waited = person.answered(asked, question);
            if (failure == null && isJoinOfChat(question)) {
                person.joined(groupOf(question), asked);
            }
            if (failure == null && waited > REQUEST_NANOS) {
                anomalies.add(
                        Anomalies.Kind.STUCK,
                        person + " waited " + NanosText.of(waited) + " for the answer to " + question);
            } else if (failure != null) {
                refused(person, question, asked, failure);
            }
        });
    }

    private void refused(Person person, JsonObject frame, long asked, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof RefusedException refusal)) {
            return; // The connection ended over a question; that is no refusal.
        }
        String group = groupOf(frame);
        boolean left = group != null && person.leftSince(group, asked - LEAVING_NANOS);
        boolean lost = lossy && lossAt - asked > -2 * REQUEST_NANOS;
        boolean forgotten = group != null && isForgotten(person, group);
        boolean fine = switch (refusal.code()) {
            case "unknown_connection" -> true;
            case "unavailable", "rate_limited" -> true; // What is kept was tried again, and did not come here.
            case "not_joined", "unknown_group" -> left || lost || forgotten;
            case "conflict" -> left; // The last owner of a chat stays while others are in it.
            case "forbidden" -> lost;
            case "unknown_user" -> lossy;
            default -> false;
        };
        if (!fine) {
            anomalies.add(
                    Anomalies.Kind.CONTRACT,
                    person + " was refused with " + refusal.getMessage() + " for " + frame + " of "
                            + NanosText.of(System.nanoTime() - asked) + " ago" + history(person, group));
            anomalies.diary(person.client.name(), person.client.heard().latest());
        } else if ((lost || forgotten) && group != null && CHATS.contains(group) && claim(person, group)) {
            ask(person, new JsonObject().put("type", "join").put("group", group), group);
        }
    }

    /** What happened to a membership of a durable group, for who has to find out why it is gone. */
    private String history(Person person, String group) {
        if (group == null || !CHATS.contains(group)) {
            return "";
        }
        Long joined = person.joinedAt(group);
        return "; joined " + (joined == null ? "never" : NanosText.of(System.nanoTime() - joined) + " ago")
                + (lossy ? ", data was lost " + NanosText.of(System.nanoTime() - lossAt) + " ago" : "");
    }

    private static boolean isJoinOfChat(JsonObject question) {
        return question.getString("type").equals("join") && CHATS.contains(question.getString("group"));
    }

    private Stream<Person> devices(Person person, String group) {
        return people.stream().filter(each -> each == person || CHATS.contains(group) && each.user == person.user);
    }

    private static boolean claim(Person person, String group) {
        return person.client.isOpen() && (CHATS.contains(group) ? person.user.busy : person.busy).add(group);
    }

    private static void release(Person person, String group) {
        if (group != null) {
            (CHATS.contains(group) ? person.user.busy : person.busy).remove(group);
        }
    }

    private JsonObject frame(JsonObject to) {
        int dice = random.nextInt(100);
        int length = dice < 80 ? 12 : dice < 98 ? 1000 : 16_000;
        StringBuilder text = new StringBuilder(length + 16);
        while (text.length() < length) {
            text.append(Long.toString(random.nextLong(), Character.MAX_RADIX));
        }
        return RawClient.frame(to, text.toString());
    }

    private static String groupOf(JsonObject frame) {
        if (frame.containsKey("group")) {
            return frame.getString("group");
        }
        if (frame.containsKey("channel")) {
            return frame.getString("channel").substring("group/".length());
        }
        return frame.getJsonObject("to", new JsonObject()).getString("group");
    }

    private Person anybody() {
        return people.get(random.nextInt(people.size()));
    }

    private String one(Set<String> groups) {
        return groups.stream()
                .sorted()
                .skip(random.nextInt(groups.size()))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> some(List<String> groups, int count) {
        Set<String> chosen = new HashSet<>();
        while (chosen.size() < count) {
            chosen.add(groups.get(random.nextInt(groups.size())));
        }
        return chosen;
    }

    /** A set that forgets the eldest. */
    private static Set<String> latest() {
        return Collections.newSetFromMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > VOLATILE_KEPT;
            }
        });
    }
}
