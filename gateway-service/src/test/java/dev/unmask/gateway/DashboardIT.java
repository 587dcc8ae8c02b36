package dev.unmask.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard in a real browser; pictures of its pages land in target/dashboard. */
class DashboardIT {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Set<String> SAFE_ATTRIBUTES =
      Set.of("href", "target", "rel", "align", "start", "title");
  private static final Path PICTURES = Path.of("target", "dashboard");

  private static RunningGateway gateway;
  private static Playwright playwright;
  private static Browser browser;

  private final List<String> complaints = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    if (!Files.isExecutable(CHROMIUM)) {
      System.err.println("DashboardIT skipped: there is no Chromium at " + CHROMIUM);
    }
    Assumptions.assumeTrue(Files.isExecutable(CHROMIUM), "needs Chromium at " + CHROMIUM);
    gateway = RunningGateway.start();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      playwright.close();
      gateway.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"1280, 860, LIGHT", "1280, 860, DARK", "360, 740, LIGHT", "360, 740, DARK"})
  void showsEveryPageWithoutComplaintOrSidewaysScrolling(
      int width, int height, ColorScheme scheme) {
    try (BrowserContext context = open(width, height, scheme)) {
      Page page = signedIn(context, width + "-" + scheme);

      page.getByTestId("nav-runs").click();
      assertThat(page.getByTestId("run-row")).hasCount(2);
      picture(page, "runs", width, scheme);
      page.getByTestId("compare-pick").first().check();
      page.getByTestId("compare-pick").last().check();
      page.getByTestId("compare").click();
      assertThat(page.getByTestId("compare-chart").locator("canvas")).isVisible();
      picture(page, "compare", width, scheme);
      page.getByTestId("nav-runs").click();
      page.getByTestId("run-row").first().click();
      assertThat(page.getByTestId("loss-chart").locator("canvas")).isVisible();
      assertThat(page.getByTestId("unshown").first()).hasText("1 logged value is NaN or infinite.");
      assertThat(page.getByText("<script>alert(1)</script>")).isVisible();
      assertThat(page.getByTestId("comment").first()).isVisible();
      assertThat(page.getByTestId("mask-ratio").locator("td")).hasCount(80);
      assertThat(page.getByTestId("mask-ratio").locator("td.none")).hasCount(1);
      assertThat(page.getByTestId("mask-ratio")).containsText("8 of 16 steps");
      assertThat(page.getByTestId("samples")).containsText("return <b>640</b>;");
      page.getByLabel("Step of the samples").selectOption("160");
      assertThat(page.getByTestId("samples")).containsText("return <b>160</b>;");
      assertThat(page.getByTestId("samples").locator("article")).hasCount(2);
      picture(page, "run", width, scheme);
      page.getByTestId("nav-reports").click();
      assertThat(page.getByTestId("report-row").first()).isVisible();
      picture(page, "reports", width, scheme);
      page.getByTestId("report-row").first().getByRole(AriaRole.LINK).click();
      assertThat(page.getByTestId("panel-curves").locator("canvas")).isVisible();
      assertThat(page.getByTestId("found-run")).hasCount(2);
      assertThat(page.getByTestId("difference")).hasCount(1);
      assertThat(page.getByTestId("panel-model-card").getByText("apache-2.0")).isVisible();
      picture(page, "report", width, scheme);
      page.getByTestId("report-edit").click();
      assertThat(page.getByTestId("panel-editor")).hasCount(4);
      picture(page, "report-edit", width, scheme);
      page.getByTestId("nav-alerts").click();
      assertThat(page.getByTestId("alert-row")).hasCount(1);
      picture(page, "alerts", width, scheme);
      page.getByTestId("nav-shares").click();
      assertThat(page.getByTestId("share-row")).hasCount(1);
      picture(page, "shares", width, scheme);
      page.getByTestId("nav-models").click();
      assertThat(page.getByTestId("version-row")).hasCount(2);
      page.getByText("Files").first().click();
      assertThat(page.getByText("model.safetensors")).isVisible();
      picture(page, "models", width, scheme);
      page.getByTestId("nav-deployments").click();
      assertThat(page.getByTestId("deployment-row")).hasCount(1);
      picture(page, "deployments", width, scheme);
      page.getByTestId("nav-tokens").click();
      assertThat(page.getByTestId("token-row")).hasCount(1);
      picture(page, "tokens", width, scheme);
      page.getByTestId("nav-playground").click();
      assertThat(page.getByTestId("playground-start")).isEnabled();
      page.getByTestId("playground-start").click();
      assertThat(page.getByTestId("denoise-step")).hasCount(20);
      assertThat(page.getByTestId("denoise-token")).hasCount(40);
      picture(page, "playground", width, scheme);
      page.getByTestId("denoise-step").nth(6).click();
      assertThat(page.getByTestId("denoise-token")).hasCount(14);
      picture(page, "playground-replay", width, scheme);

      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void tellsAWrongTokenWhatHelps() {
    try (BrowserContext context = open(1280, 860, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      page.navigate(gateway.uri("/").toString());
      page.getByTestId("signin-token").fill("umk_wrongwrongwrongwrongwrongwrongwrongwrong");
      page.getByTestId("signin-submit").click();

      assertThat(page.getByRole(AriaRole.ALERT)).containsText("Copy the whole token");
      picture(page, "signin-wrong", 1280, ColorScheme.LIGHT);
    }
  }

  @Test
  void keepsTheChosenThemeAndSignsOut() {
    try (BrowserContext context = open(1280, 860, ColorScheme.LIGHT)) {
      Page page = signedIn(context, "theme");
      page.getByTestId("theme-toggle").click();
      page.reload();
      assertThat(page.locator("html")).hasAttribute("data-theme", "dark");

      page.getByTestId("signout").click();

      assertThat(page.getByTestId("signin-token")).isVisible();
      assertThat(context.cookies()).isEmpty();
    }
  }

  /** What people write is shown to their colleagues, who are signed in. */
  @Test
  void runsNothingThatPeopleWrite() {
    try (BrowserContext context = open(1280, 860, ColorScheme.LIGHT)) {
      Page page = signedIn(context, "hostile");
      page.navigate(gateway.uri("/#/runs/" + DemoData.RUN).toString());
      Locator text = page.getByTestId("comment").first().locator(".markdown");
      assertThat(text.getByText("The loss jumps")).isVisible();

      assertThat(text.locator("h1")).hasText("The loss jumps");
      assertThat(text.locator("strong")).hasText("bold");
      assertThat(text.locator("table td")).hasCount(2);
      assertThat(
              text.locator(
                  "script, img, svg, iframe, object, embed, style, form, input, button, base, link,"
                      + " meta, math, template, details, video, audio"))
          .hasCount(0);
      Object attributes =
          text.evaluate(
              "root => [...root.querySelectorAll('*')].flatMap(e => e.getAttributeNames())");
      assertThat((List<?>) attributes).map(String::valueOf).allMatch(SAFE_ATTRIBUTES::contains);
      Object targets =
          text.evaluate("root => [...root.querySelectorAll('a[href]')].map(a => a.href)");
      assertThat((List<?>) targets)
          .map(String::valueOf)
          .containsExactly(
              "https://example.org/ok",
              "https://example.org/auto",
              gateway.uri("/#/models").toString(),
              "https://example.org/picture.png");
      assertThat(text.getByText("<script>window.hacked = 1</script>")).isVisible();
      // Also what is left of the others does nothing.
      for (Locator link : text.locator("a:not([href])").all()) {
        link.click();
      }
      assertThat(page.evaluate("window.hacked ?? 'untouched'")).isEqualTo("untouched");
      assertThat(page.url()).endsWith("/#/runs/" + DemoData.RUN);
      assertThat(complaints).isEmpty();
    }
  }

  /** Should Markdown ever let HTML through: what the browser makes of it is nothing. */
  @Test
  void leavesNothingOfHtmlThatRunsOrLoads() {
    try (BrowserContext context = open(1280, 860, ColorScheme.LIGHT)) {
      Page page = signedIn(context, "html");
      Object left =
          page.evaluate(
              """
              async (hostile) => {
                const { sanitized } = await import('/app/parts/markdown.js');
                const host = document.createElement('div');
                host.append(sanitized(hostile));
                document.body.append(host);
                host.querySelectorAll('*').forEach((element) => element.click());
                await new Promise((done) => setTimeout(done, 200));
                return [...host.querySelectorAll('*')].map((element) => element.tagName
                  + element.getAttributeNames().map((name) => ` ${name}=${element.getAttribute(name)}`).join(''));
              }
              """,
              DemoTalk.HOSTILE);

      assertThat((List<?>) left)
          .map(String::valueOf)
          .contains("A", "P")
          .allMatch(element -> element.matches("(A|P|TABLE|H1|STRONG|TBODY|TR|TD)"));
      assertThat(page.evaluate("window.hacked ?? 'untouched'")).isEqualTo("untouched");
      assertThat(page.url()).endsWith("/");
    }
  }

  @ParameterizedTest
  @CsvSource({"1280, 860, LIGHT", "360, 740, DARK"})
  void showsTheHolderOfALinkWhatItSharesAndNothingElse(int width, int height, ColorScheme scheme) {
    try (BrowserContext context = open(width, height, scheme)) {
      Page page = listenedTo(context);
      page.navigate(gateway.uri("/#/runs").toString());
      page.getByTestId("signin-token").fill(FakeServices.SHARED_TOKEN);
      int before = gateway.services.seen.size();
      page.getByTestId("signin-submit").click();

      assertThat(page.getByRole(AriaRole.HEADING, heading("What we saw"))).isVisible();
      assertThat(page.getByTestId("shared-curves").locator("canvas")).isVisible();
      assertThat(page.getByTestId("hidden-panels")).containsText("1 of the report's panels");
      assertThat(page.getByTestId("nav-runs")).hasCount(0);
      page.getByTestId("shared-run").click();
      assertThat(page.getByText("<script>alert(1)</script>")).isVisible();
      picture(page, "shared", width, scheme);
      assertThat(page.evaluate("window.hacked ?? 'untouched'")).isEqualTo("untouched");
      assertThat(gateway.services.seen.subList(before, gateway.services.seen.size()))
          .allMatch(seen -> seen.uri().getPath().startsWith("/api/v1/registry/shared"));
      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void keepsWhatIsSaidAboutARun() {
    try (BrowserContext context = open(1280, 860, ColorScheme.LIGHT)) {
      Page page = signedIn(context, "comments");
      page.navigate(gateway.uri("/#/runs/" + DemoData.RUN).toString());
      page.getByTestId("comment-text").fill("It is the *warm-up*.");
      page.getByTestId("comment-add").click();
      Locator last = page.getByTestId("comment").last();
      assertThat(last.locator("em")).hasText("warm-up");
      assertThat(page.getByTestId("comment-text")).hasValue("");

      last.getByTestId("comment-edit").click();
      last.locator("textarea").fill("It was the batch.");
      last.getByText("Save").click();
      assertThat(last.locator(".markdown")).hasText("It was the batch.");
      assertThat(last.getByText("changed")).isVisible();

      int before = page.getByTestId("comment").count();
      last.getByTestId("comment-delete").click();
      page.locator("dialog button.danger").click();
      assertThat(page.getByTestId("comment")).hasCount(before - 1);
      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void writesAReportAndBringsAnOldVersionBack() {
    try (BrowserContext context = open(1280, 860, ColorScheme.LIGHT)) {
      Page page = signedIn(context, "report");
      page.getByTestId("nav-reports").click();
      page.getByTestId("report-new").click();
      page.getByTestId("report-title").fill("Warm starts");
      page.getByTestId("report-markdown").fill("They *help*.");
      page.getByTestId("add-curves").click();
      page.getByTestId("panel-run").first().check();
      page.getByTestId("panel-run").last().check();
      picture(page, "report-new", 1280, ColorScheme.LIGHT);
      page.getByTestId("report-save").click();
      assertThat(page.getByRole(AriaRole.HEADING, heading("Warm starts"))).isVisible();
      assertThat(page.getByTestId("report-text").locator("em")).hasText("help");
      assertThat(page.getByTestId("panel-curves").locator("canvas")).isVisible();

      page.getByTestId("report-edit").click();
      page.getByTestId("report-title").fill("Cold starts");
      page.getByTestId("report-save").click();
      assertThat(page.getByRole(AriaRole.HEADING, heading("Cold starts"))).isVisible();
      page.getByText("Versions (2)").click();
      page.getByTestId("version-line").last().getByRole(AriaRole.LINK).click();
      assertThat(page.getByText("This is an old version.")).isVisible();
      page.getByTestId("report-restore").click();

      assertThat(page.getByRole(AriaRole.HEADING, heading("Warm starts"))).isVisible();
      assertThat(page.getByText("version 3")).isVisible();
      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void savesASearchAsAViewAndFindsWhatItSays() {
    try (BrowserContext context = open(1280, 860, ColorScheme.LIGHT)) {
      Page page = signedIn(context, "view");
      page.getByTestId("view-select").selectOption("1");
      assertThat(page.getByTestId("found").getByRole(AriaRole.HEADING)).hasText("good ones");
      assertThat(page.getByTestId("found-run")).hasCount(2);
      assertThat(page.getByTestId("found").getByText("block-diffusion").first()).isVisible();
      assertThat(page.getByTestId("run-filter")).hasValue("metrics.`train/loss` < 3");

      page.getByTestId("view-select").selectOption("");
      page.getByTestId("run-filter").fill("params.method = 'masked'");
      page.getByTestId("run-search").click();
      assertThat(page.getByTestId("found-run")).hasCount(2);
      page.getByTestId("view-edit").click();
      page.getByTestId("view-name").fill("masked ones");
      page.getByTestId("view-fields").fill("metrics.train/loss, params.method");
      page.getByTestId("view-save").click();
      assertThat(page.getByTestId("found").getByRole(AriaRole.HEADING)).hasText("masked ones");
      picture(page, "view", 1280, ColorScheme.LIGHT);
      assertThat(page.url()).contains("#/views/");
      assertThat(gateway.services.seen)
          .anyMatch(
              seen ->
                  seen.uri().getPath().equals("/api/v1/registry/views")
                      && seen.body()
                          .equals(
                              "{\"name\":\"masked ones\",\"shared\":false,\"search\":"
                                  + "{\"filter\":\"params.method = 'masked'\","
                                  + "\"fields\":[\"metrics.train/loss\",\"params.method\"]}}"));
      assertThat(complaints).isEmpty();
    }
  }

  private static Page.GetByRoleOptions heading(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static BrowserContext open(int width, int height, ColorScheme scheme) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setViewportSize(width, height)
            .setColorScheme(scheme)
            .setBaseURL(gateway.uri("/").toString()));
  }

  /** A page whose complaints fail the test. */
  private Page listenedTo(BrowserContext context) {
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    return page;
  }

  private Page signedIn(BrowserContext context, String name) {
    Page page = listenedTo(context);
    page.navigate(gateway.uri("/").toString());
    assertThat(page.getByTestId("signin-token")).isVisible();
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve("signin-" + name + ".png")));
    page.getByTestId("signin-token").fill(FakeServices.GOOD_TOKEN);
    page.getByTestId("signin-submit").click();
    assertThat(page.getByTestId("run-row").first()).isVisible();
    return page;
  }

  private static void picture(Page page, String name, int width, ColorScheme scheme) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setPath(PICTURES.resolve(name + "-" + width + "-" + scheme + ".png")));
    Object overflow =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(overflow).as("sideways scrolling of " + name).isEqualTo(0);
  }
}
