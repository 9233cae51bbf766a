#include "upstream/ldns_library.h"

#include "dnsd/net/shared_library.h"

namespace upstream {
namespace {

LdnsLibrary load() {
  const net::SharedLibrary library("libldns.so.3", "libldns3");
  LdnsLibrary found{};
  library.find("ldns_buffer_export2str", found.buffer_export2str);
  library.find("ldns_buffer_free", found.buffer_free);
  library.find("ldns_buffer_new", found.buffer_new);
  library.find("ldns_dname_new_frm_str", found.dname_new_frm_str);
  library.find("ldns_get_errorstr_by_id", found.get_errorstr_by_id);
  library.find("ldns_get_rr_type_by_name", found.get_rr_type_by_name);
  library.find("ldns_pkt_aa", found.pkt_aa);
  library.find("ldns_pkt_additional", found.pkt_additional);
  library.find("ldns_pkt_answer", found.pkt_answer);
  library.find("ldns_pkt_authority", found.pkt_authority);
  library.find("ldns_pkt_free", found.pkt_free);
  library.find("ldns_pkt_get_rcode", found.pkt_get_rcode);
  library.find("ldns_pkt_tc", found.pkt_tc);
  library.find("ldns_pktheader2buffer_str", found.pktheader2buffer_str);
  library.find("ldns_rdf2native_int16", found.rdf2native_int16);
  library.find("ldns_rdf2str", found.rdf2str);
  library.find("ldns_rdf_data", found.rdf_data);
  library.find("ldns_rdf_deep_free", found.rdf_deep_free);
  library.find("ldns_rdf_size", found.rdf_size);
  library.find("ldns_rr2str", found.rr2str);
  library.find("ldns_rr2wire", found.rr2wire);
  library.find("ldns_rr_descript", found.rr_descript);
  library.find("ldns_rr_descriptor_minimum", found.rr_descriptor_minimum);
  library.find("ldns_rr_free", found.rr_free);
  library.find("ldns_rr_get_type", found.rr_get_type);
  library.find("ldns_rr_list_rr", found.rr_list_rr);
  library.find("ldns_rr_list_rr_count", found.rr_list_rr_count);
  library.find("ldns_rr_new_frm_str", found.rr_new_frm_str);
  library.find("ldns_rr_owner", found.rr_owner);
  library.find("ldns_rr_rd_count", found.rr_rd_count);
  library.find("ldns_rr_rdf", found.rr_rdf);
  library.find("ldns_rr_ttl", found.rr_ttl);
  library.find("ldns_wire2pkt", found.wire2pkt);
  library.find("ldns_wire2rr", found.wire2rr);
  return found;
}

}  // namespace

const LdnsLibrary& ldns() {
  static const LdnsLibrary library = load();
  return library;
}

}  // namespace upstream
