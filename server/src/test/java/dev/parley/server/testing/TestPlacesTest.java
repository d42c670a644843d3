package dev.parley.server.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.quarkus.test.junit.QuarkusTest;

/** Where tests must be, for the build to run them as they need it. */
@AnalyzeClasses(packages = "dev.parley.server", importOptions = ImportOption.OnlyIncludeTests.class)
class TestPlacesTest {

    @ArchTest
    static final ArchRule quarkusTestsAreWhereOneProcessRunsThem = classes()
            .that()
            .areAnnotatedWith(QuarkusTest.class)
            .should()
            .resideInAnyPackage(
                    "dev.parley.server.api",
                    "dev.parley.server.browser",
                    "dev.parley.server.gateway",
                    "dev.parley.server.http",
                    "dev.parley.server.observe")
            .because("two processes with a @QuarkusTest remove each other's index: server/pom.xml, application.tests");
}
