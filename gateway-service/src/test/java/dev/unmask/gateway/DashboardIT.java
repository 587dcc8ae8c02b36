package dev.unmask.gateway;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
      picture(page, "run", width, scheme);
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

      assertThat(page.getByRole(com.microsoft.playwright.options.AriaRole.ALERT))
          .containsText("Copy the whole token");
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

  private static BrowserContext open(int width, int height, ColorScheme scheme) {
    return browser.newContext(
        new Browser.NewContextOptions()
            .setViewportSize(width, height)
            .setColorScheme(scheme)
            .setBaseURL(gateway.uri("/").toString()));
  }

  private Page signedIn(BrowserContext context, String name) {
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
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
