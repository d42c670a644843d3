package dev.parley.server.gateway;

import dev.parley.protocol.Limits;
import dev.parley.protocol.ServerFrame.Heartbeat;
import dev.parley.protocol.json.FrameReader;
import dev.parley.server.cluster.NodeId;
import dev.parley.server.cluster.UserConnections;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.delivery.Publisher;
import dev.parley.server.group.Groups;
import dev.parley.server.group.Managers;
import dev.parley.server.group.Namespaces;
import dev.parley.server.group.Policies;
import dev.parley.server.group.ReadPositions;
import dev.parley.server.group.SettingsStore;
import dev.parley.server.group.Users;
import dev.parley.server.hook.Hooks;
import dev.parley.server.hook.Webhooks;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.GuestRate;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.presence.Presence;
import dev.parley.server.routing.Digests;
import dev.parley.server.routing.Histories;
import dev.parley.server.routing.Router;
import dev.parley.server.routing.Searches;
import dev.parley.server.security.Revocations;
import dev.parley.server.security.Tokens;
import jakarta.inject.Singleton;

/** What every connection of the instance uses: the parts behind the gateway, and the settings as connections need them. Immutable. */
@Singleton
final class Gateway {
    /** Requests at once, for each that is allowed in a second: a client that comes back joins all its groups in one go. */
    private static final int REQUESTS_BURST = 10;

    final NodeId node;
    final Sessions sessions;
    final Reception reception;
    final Tokens tokens;
    final Revocations revocations;
    final Users users;
    final Groups groups;
    final Namespaces namespaces;
    final Policies policies;
    final Managers managers;
    final ReadPositions readPositions;
    final Presence presence;
    final Router router;
    final Histories histories;
    final Receipts receipts;
    final Digests digests;
    final Searches searches;
    final SettingsStore settings;
    final Publisher publisher;
    final ChannelLog log;
    final UserConnections userConnections;
    final GuestRate guestRate;
    final Exceeded exceeded;
    final Hooks hooks;
    final Webhooks webhooks;
    final FrameReader reader;
    final Limits limits;
    final Heartbeat heartbeat;
    final Allowance.Rate sends;
    final Allowance.Rate requests;
    final int connectionsPerUser;
    final int helloSeconds;
    final long timeoutMillis;
    final boolean guests;

    Gateway(
            NodeId node,
            Sessions sessions,
            Reception reception,
            Tokens tokens,
            Revocations revocations,
            Users users,
            Groups groups,
            Namespaces namespaces,
            Policies policies,
            Managers managers,
            ReadPositions readPositions,
            Presence presence,
            Router router,
            Histories histories,
            Receipts receipts,
            Digests digests,
            Searches searches,
            SettingsStore settings,
            Publisher publisher,
            ChannelLog log,
            UserConnections userConnections,
            GuestRate guestRate,
            Exceeded exceeded,
            Hooks hooks,
            Webhooks webhooks,
            ParleyConfig config) {
        this.node = node;
        this.sessions = sessions;
        this.reception = reception;
        this.tokens = tokens;
        this.revocations = revocations;
        this.users = users;
        this.groups = groups;
        this.namespaces = namespaces;
        this.policies = policies;
        this.managers = managers;
        this.readPositions = readPositions;
        this.presence = presence;
        this.router = router;
        this.histories = histories;
        this.receipts = receipts;
        this.digests = digests;
        this.searches = searches;
        this.settings = settings;
        this.publisher = publisher;
        this.log = log;
        this.userConnections = userConnections;
        this.guestRate = guestRate;
        this.exceeded = exceeded;
        this.hooks = hooks;
        this.webhooks = webhooks;
        ParleyConfig.Limits set = config.limits();
        this.reader = new FrameReader(set.message(), Math.max(set.message(), set.frame()));
        this.limits = new Limits(
                set.frame(),
                set.message(),
                set.sendsPerSecond(),
                set.sendBurst().orElse(2 * set.sendsPerSecond()),
                set.inFlight(),
                set.groups());
        this.heartbeat = new Heartbeat(
                config.heartbeat().interval().toMillis(),
                config.heartbeat().timeout().toMillis());
        this.sends = new Allowance.Rate(limits.sendsPerSecond(), limits.sendBurst());
        this.requests = new Allowance.Rate(set.requestsPerSecond(), REQUESTS_BURST * set.requestsPerSecond());
        this.connectionsPerUser = set.connectionsPerUser();
        this.helloSeconds = (int) Math.max(1, set.hello().toSeconds());
        this.timeoutMillis = set.sendTimeout().toMillis();
        this.guests = config.guests().enabled();
    }
}
