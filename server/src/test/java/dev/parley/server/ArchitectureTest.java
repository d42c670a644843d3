package dev.parley.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The few rules about who may know whom. A package that does not exist yet breaks none of them. */
@AnalyzeClasses(packages = "dev.parley", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String API = "dev.parley.server.api..";
    private static final String DELIVERY = "dev.parley.server.delivery..";
    private static final String GATEWAY = "dev.parley.server.gateway..";
    private static final String LOG = "dev.parley.server.log..";
    private static final String ROUTING = "dev.parley.server.routing..";

    @ArchTest
    static final ArchRule onlyDeliveryKnowsNetty = noClasses()
            .that()
            .resideInAPackage("dev.parley..")
            .and()
            .resideOutsideOfPackage(DELIVERY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..", "io.vertx.core.impl..", "io.vertx.core.http.impl..", "io.vertx.core.net.impl..")
            .because("sockets and their buffers have one owner, who counts references and bounds memory");

    @ArchTest
    static final ArchRule redisStaysInRedisPackages = noClasses()
            .that()
            .resideInAPackage("dev.parley..")
            .and()
            .resideOutsideOfPackages("dev.parley.server.redis..", "dev.parley.server.*.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.redis..", "io.vertx.mutiny.redis..", "io.quarkus.redis..")
            .because("Redis is optional, so every feature must make sense without it");

    @ArchTest
    static final ArchRule protocolIsPlainJava = classes()
            .that()
            .resideInAPackage("dev.parley.protocol..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "dev.parley.protocol..")
            .because("both ends of a wire use it, and the other end has no Quarkus");

    @ArchTest
    static final ArchRule logKnowsNobodyAboveIt = noClasses()
            .that()
            .resideInAPackage(LOG)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DELIVERY, ROUTING, GATEWAY, API)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule deliveryKnowsNobodyAboveIt = noClasses()
            .that()
            .resideInAPackage(DELIVERY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROUTING, GATEWAY, API)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule routingKnowsNobodyAboveIt = noClasses()
            .that()
            .resideInAPackage(ROUTING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(GATEWAY, API)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule gatewayDoesNotKnowTheApi = noClasses()
            .that()
            .resideInAPackage(GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(API)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule apiGoesThroughRouting = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(GATEWAY, DELIVERY)
            .allowEmptyShould(true)
            .because("a message from HTTP takes the same way as one from a socket");

    @ArchTest
    static final ArchRule featuresFormNoCycle = slices().matching("dev.parley.server.(*)..")
            .should()
            .beFreeOfCycles()
            .allowEmptyShould(true);
}
