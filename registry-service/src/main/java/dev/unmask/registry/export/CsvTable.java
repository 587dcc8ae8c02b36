package dev.unmask.registry.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;

/**
 * RFC 4180 in UTF-8, with a header. Texts are in quotes, numbers are not, and an absent cell has
 * nothing at all, so that the empty text is another value.
 */
final class CsvTable<T> implements Sheet<T> {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setQuoteMode(QuoteMode.NON_NUMERIC).get();

  private final List<Column<T>> columns;
  private final CSVPrinter printer;

  CsvTable(List<Column<T>> columns, OutputStream out) throws IOException {
    this.columns = columns;
    this.printer = new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT);
    printer.printRecord(columns.stream().map(column -> SafeCells.guarded(column.name())).toList());
  }

  @Override
  public void write(T row) throws IOException {
    for (Column<T> column : columns) {
      Object value = column.of(row);
      printer.print(value instanceof String text ? SafeCells.guarded(text) : value);
    }
    printer.println();
  }

  @Override
  public void finish() throws IOException {
    printer.flush();
  }
}
