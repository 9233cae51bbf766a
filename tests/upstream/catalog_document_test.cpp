#include "upstream/catalog_document.h"

#include <gtest/gtest.h>

namespace {

using upstream::document_format;
using upstream::DocumentFormat;

TEST(CatalogDocument, TheEndingOfTheFileNamesTheFormat) {
  EXPECT_EQ(document_format("/etc/a.toml", "{}"), DocumentFormat::toml);
  EXPECT_EQ(document_format("a.JSON", "[[service]]"), DocumentFormat::json);
  EXPECT_EQ(document_format("internal.zone", "{}"), DocumentFormat::zone_text);
}

TEST(CatalogDocument, WithoutAKnownEndingTheTextDecides) {
  EXPECT_EQ(document_format("a", "\n {\"services\":[]}"), DocumentFormat::json);
  EXPECT_EQ(document_format("a", "\xef\xbb\xbf[[service]]\n"), DocumentFormat::toml);
  EXPECT_EQ(document_format("a", "# services\n"), DocumentFormat::toml);
  EXPECT_EQ(document_format("a", "service = []\n"), DocumentFormat::toml);
  EXPECT_EQ(document_format("a.txt", "; services\n"), DocumentFormat::zone_text);
  EXPECT_EQ(document_format("a.db", "$TTL 5\n"), DocumentFormat::zone_text);
  EXPECT_EQ(document_format("a", "time TXT \"a=b\"\n"), DocumentFormat::zone_text);
  EXPECT_EQ(document_format("a", ""), DocumentFormat::zone_text);
}

}  // namespace
