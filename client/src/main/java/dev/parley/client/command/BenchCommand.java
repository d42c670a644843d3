package dev.parley.client.command;

import dev.parley.client.bench.Connecting;
import dev.parley.client.bench.Disturbing;
import dev.parley.client.bench.Idle;
import dev.parley.client.bench.Load;
import dev.parley.client.bench.Messages;
import dev.parley.client.bench.ParleyDialect;
import dev.parley.client.bench.Payload;
import dev.parley.client.bench.Plan;
import dev.parley.client.bench.Report;
import dev.parley.client.bench.Resuming;
import dev.parley.client.bench.Site;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bench}: loads a hub and measures what it does, one subcommand a scenario. The scenarios themselves are in the package {@code bench}. */
@Command(
        name = "bench",
        description = "Loads a hub and measures it, to know what a deployment holds.",
        mixinStandardHelpOptions = true,
        versionProvider = ParleyCommand.Version.class,
        synopsisSubcommandLabel = "SCENARIO",
        footer = {
            "",
            "The hub must let the connections in: guests or --tokens, and the limits",
            "parley.limits.sends-per-second, .in-flight, .connections-per-address and",
            ".guests-per-address.",
            "Run it on another machine than the hub, or on other cores (taskset), and look",
            "at the generator's own share: from 0.95 of a core on, the figures are the",
            "generator's and not the hub's. The server's memory per connection is that of",
            "a hub which has just been started and warmed up.",
            "Ends with 1 when something was lost, came twice or in disorder, or was",
            "refused, and with 3 when there is no result."
        })
final class BenchCommand implements Runnable {
    /** Members of a group of those who talk, or disturb others. */
    private static final int TALKING = 10;

    /** Groups that each of a crowd joins. */
    private static final int CROWD_GROUPS = 3;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which scenario?");
    }

    /** How much is sent; filled by picocli. */
    static final class Sending {
        @Option(
                names = "--rate",
                paramLabel = "N",
                defaultValue = "0",
                description = "Messages a second over all senders, whatever the hub does; latencies count from when"
                        + " a message was to be sent. Without it a closed loop: the next is sent when one has"
                        + " come to all.")
        private double rate;

        @Option(
                names = {"-n", "--in-flight"},
                paramLabel = "N",
                defaultValue = "1",
                description = "In a closed loop, messages under way in each channel (default: ${DEFAULT-VALUE}).")
        private int inFlight;

        @Option(
                names = "--size",
                paramLabel = "BYTES",
                defaultValue = "100",
                description = "Bytes of a message's data (default: ${DEFAULT-VALUE}).")
        private int size;

        @Option(
                names = "--message-ids",
                description = "Send each message with an id, as clients do that may send again: the hub then looks"
                        + " for repetitions.")
        private boolean messageIds;

        private ParleyDialect sending(ParleyDialect dialect) {
            return messageIds ? dialect.withMessageIds() : dialect;
        }

        private Load.Pace pace(BenchOptions options) {
            options.check(rate >= 0 && rate <= 10_000_000, "--rate is 0 to 10000000.");
            options.check(inFlight >= 1 && inFlight <= 100_000, "--in-flight is 1 to 100000.");
            return new Load.Pace(inFlight, rate, size(options, size));
        }
    }

    private static int size(BenchOptions options, int size) {
        options.check(
                size >= Payload.MIN && size <= Payload.MAX, "--size is " + Payload.MIN + " to " + Payload.MAX + ".");
        return size;
    }

    @Command(
            name = "fan-out",
            description = "One group that all connections follow; some of them send to it.",
            mixinStandardHelpOptions = true,
            versionProvider = ParleyCommand.Version.class)
    int fanOut(
            @Mixin BenchOptions options,
            @Mixin Sending sending,
            @Option(
                            names = "--senders",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "How many of them send (default: ${DEFAULT-VALUE}).")
                    int senders) {
        Load.Pace pace = sending.pace(options);
        options.check(senders >= 1, "--senders is at least 1.");
        List<String> tokens = options.tokens();
        String group = options.group();
        return options.run(site -> Messages.run(
                site,
                Plan.fanOut(options.connections(), senders),
                pace,
                members -> sending.sending(ParleyDialect.groups(group, tokens))));
    }

    @Command(
            name = "direct",
            description = "Pairs of connections; one sends to the other's user.",
            mixinStandardHelpOptions = true,
            versionProvider = ParleyCommand.Version.class)
    int direct(@Mixin BenchOptions options, @Mixin Sending sending) {
        Load.Pace pace = sending.pace(options);
        options.check(options.connections() % 2 == 0, "--connections is even: they are pairs.");
        List<String> tokens = options.tokens();
        options.check(
                tokens.isEmpty() || tokens.size() >= options.connections(),
                "Each connection has to be a user of its own; --tokens holds " + tokens.size() + ".");
        return options.run(site -> Messages.run(
                site,
                Plan.pairs(options.connections()),
                pace,
                members -> sending.sending(ParleyDialect.inboxes(
                        tokens, pair -> members.get(2 * pair + 1).user()))));
    }

    @Command(
            name = "groups",
            description = "Many groups, dealt out to the connections; the first of each sends to it.",
            mixinStandardHelpOptions = true,
            versionProvider = ParleyCommand.Version.class,
            footer = {"", "--groups 100 --members 1 -c 100 measures the round trip from send to ack."})
    int groups(
            @Mixin BenchOptions options,
            @Mixin Sending sending,
            @Option(
                            names = "--groups",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "How many groups (default: ${DEFAULT-VALUE}).")
                    int groups,
            @Option(
                            names = "--members",
                            paramLabel = "N[-M]",
                            defaultValue = "10",
                            description = "Members of each; with a range, as many groups of each size"
                                    + " (default: ${DEFAULT-VALUE}).")
                    String members) {
        Load.Pace pace = sending.pace(options);
        int[] range = range(options, members);
        options.check(groups >= 1 && groups <= 10_000_000, "--groups is 1 to 10000000.");
        options.check(
                range[1] <= options.connections(), "A group cannot have more members than there are connections.");
        List<String> tokens = options.tokens();
        String group = options.group();
        return options.run(site -> Messages.run(
                site,
                Plan.groups(options.connections(), groups, range[0], range[1]),
                pace,
                all -> sending.sending(ParleyDialect.groups(group, tokens))));
    }

    private static int[] range(BenchOptions options, String members) {
        String[] ends = members.split("-", 2);
        try {
            int smallest = Integer.parseInt(ends[0]);
            int largest = Integer.parseInt(ends[ends.length - 1]);
            options.check(smallest >= 1 && smallest <= largest, "--members is at least 1, and a range rises.");
            return new int[] {smallest, largest};
        } catch (NumberFormatException e) {
            throw options.usage("--members is a number or a range such as 2-10.");
        }
    }

    @Command(
            name = "idle",
            description = "Connections that follow one group and say nothing: what each of them takes.",
            mixinStandardHelpOptions = true,
            versionProvider = ParleyCommand.Version.class)
    int idle(@Mixin BenchOptions options) {
        List<String> tokens = options.tokens();
        String group = options.group();
        return options.run(
                site -> Idle.run(site, Plan.fanOut(options.connections(), 1), ParleyDialect.groups(group, tokens)));
    }

    @Command(
            name = "connect",
            description = "A storm of connections that sign in and leave, again and again.",
            mixinStandardHelpOptions = true,
            versionProvider = ParleyCommand.Version.class)
    int connect(@Mixin BenchOptions options) {
        List<String> tokens = options.tokens();
        String group = options.group();
        return options.run(site ->
                Connecting.run(site, Plan.groups(options.connections(), 0, 1, 1), ParleyDialect.groups(group, tokens)));
    }

    @Command(
            name = "resume",
            description = "Connections that break, miss messages, and all come back at once, while others talk on.",
            mixinStandardHelpOptions = true,
            versionProvider = ParleyCommand.Version.class)
    int resume(
            @Mixin BenchOptions options,
            @Option(
                            names = "--channels",
                            paramLabel = "N",
                            defaultValue = "3",
                            description = "Groups that each connection follows (default: ${DEFAULT-VALUE}).")
                    int channels,
            @Option(
                            names = "--members",
                            paramLabel = "N",
                            defaultValue = "10",
                            description = "Members of each group (default: ${DEFAULT-VALUE}).")
                    int members,
            @Option(
                            names = "--missed",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "Messages that each group gets meanwhile (default: ${DEFAULT-VALUE}).")
                    int missed,
            @Option(
                            names = "--bystanders",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "Connections in a group of their own that stay (default: ${DEFAULT-VALUE}).")
                    int bystanders,
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "Messages a second among them (default: ${DEFAULT-VALUE}).")
                    double rate,
            @Option(
                            names = "--size",
                            paramLabel = "BYTES",
                            defaultValue = "100",
                            description = "Bytes of a message's data (default: ${DEFAULT-VALUE}).")
                    int size) {
        options.check(channels >= 1 && members >= 1 && missed >= 1 && bystanders >= 1, "A count is at least 1.");
        options.check(rate > 0 && rate <= 1_000_000, "--rate is above 0, at most 1000000.");
        options.check(members <= options.connections(), "A group cannot have more members than there are connections.");
        // Rounded up, so that no connection is left without its groups.
        int groups = (int) (((long) options.connections() * channels + members - 1) / members);
        Resuming.Script script = new Resuming.Script(missed, bystanders, rate, size(options, size));
        Resuming.Names names = new Resuming.Names(options.group(), options.tokens());
        return options.run(site -> resuming(site, options, groups, members, script, names));
    }

    @Command(
            name = "disturb",
            description = "Latency among some who talk, while others connect, resume, stall, and garbage is collected.",
            mixinStandardHelpOptions = true,
            versionProvider = ParleyCommand.Version.class,
            footer = {"", "Collections need --server-pid, a JDK here, and a hub of the same user."})
    int disturb(
            @Mixin BenchOptions options,
            @Option(
                            names = "--talkers",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "Connections that talk (default: ${DEFAULT-VALUE}).")
                    int talkers,
            @Option(
                            names = "--groups",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "Groups they talk in, ten members each (default: ${DEFAULT-VALUE}).")
                    int groups,
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "Messages a second over all groups (default: ${DEFAULT-VALUE}).")
                    double rate,
            @Option(
                            names = "--slow",
                            paramLabel = "N",
                            defaultValue = "10",
                            description = "Connections that follow all these groups and stop reading"
                                    + " (default: ${DEFAULT-VALUE}).")
                    int slow,
            @Option(
                            names = "--size",
                            paramLabel = "BYTES",
                            defaultValue = "100",
                            description = "Bytes of a message's data (default: ${DEFAULT-VALUE}).")
                    int size) {
        options.check(talkers >= TALKING && groups >= 1 && slow >= 0, "There are ten talkers and a group at least.");
        options.check(rate > 0 && rate <= 1_000_000, "--rate is above 0, at most 1000000.");
        Disturbing.Script script = new Disturbing.Script(rate, slow, size(options, size));
        Resuming.Names names = new Resuming.Names(options.group(), options.tokens());
        Plan talk = Plan.groups(talkers, groups, TALKING, TALKING);
        int crowd = options.connections();
        return options.run(site -> Disturbing.run(
                site,
                talk,
                Plan.groups(crowd, Math.max(1, crowd * CROWD_GROUPS / TALKING), Math.min(crowd, TALKING), TALKING),
                script,
                names));
    }

    private static Report resuming(
            Site site, BenchOptions options, int groups, int members, Resuming.Script script, Resuming.Names names) {
        return Resuming.run(site, Plan.groups(options.connections(), groups, members, members), script, names);
    }
}
