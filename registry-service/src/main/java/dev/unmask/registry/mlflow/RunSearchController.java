package dev.unmask.registry.mlflow;

import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunSearch;
import dev.unmask.registry.run.RunSearchService;
import dev.unmask.registry.run.RunView;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.PostMapping;

/** {@code runs/search}. */
@MlflowRoutes
@RequiresRole(Role.VIEWER)
class RunSearchController {
  private final RunSearchService runs;
  private final RunListWriter writer;

  RunSearchController(RunSearchService runs, RunListWriter writer) {
    this.runs = runs;
    this.writer = writer;
  }

  @PostMapping("/runs/search")
  void search(Caller caller, MlflowRequest request, HttpServletResponse response)
      throws IOException {
    RunView view = request.constant("run_view_type", RunView.class, 1);
    RunSearch search =
        new RunSearch(
            request.texts("experiment_ids").stream().map(ExperimentIds::parse).toList(),
            Filter.parse(request.text("filter")),
            OrderClause.parseAll(request.texts("order_by")),
            view == null ? RunView.ACTIVE_ONLY : view,
            request.maxResults(1_000, 50_000),
            request.text("page_token"));
    Page<Run> page = runs.find(caller.teamId(), search);
    writer.write(page, response);
  }
}
