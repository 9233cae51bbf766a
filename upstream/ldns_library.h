// ldns, loaded when it is first needed: those without zone text or Route 53 need
// not pay for it, and for OpenSSL, which it brings.
//
// Only code of this folder calls through it. Any thread, once loaded.
#pragma once

#include <ldns/ldns.h>
// It makes macros of these, which other headers do not survive.
#undef bool
#undef true
#undef false

namespace upstream {

/// The functions of libldns that are used here.
struct LdnsLibrary {
  decltype(&ldns_buffer_export2str) buffer_export2str;
  decltype(&ldns_buffer_free) buffer_free;
  decltype(&ldns_buffer_new) buffer_new;
  decltype(&ldns_dname_new_frm_str) dname_new_frm_str;
  decltype(&ldns_get_errorstr_by_id) get_errorstr_by_id;
  decltype(&ldns_get_rr_type_by_name) get_rr_type_by_name;
  decltype(&ldns_pkt_aa) pkt_aa;
  decltype(&ldns_pkt_additional) pkt_additional;
  decltype(&ldns_pkt_answer) pkt_answer;
  decltype(&ldns_pkt_authority) pkt_authority;
  decltype(&ldns_pkt_free) pkt_free;
  decltype(&ldns_pkt_get_rcode) pkt_get_rcode;
  decltype(&ldns_pkt_tc) pkt_tc;
  decltype(&ldns_pktheader2buffer_str) pktheader2buffer_str;
  decltype(&ldns_rdf2native_int16) rdf2native_int16;
  decltype(&ldns_rdf2str) rdf2str;
  decltype(&ldns_rdf_data) rdf_data;
  decltype(&ldns_rdf_deep_free) rdf_deep_free;
  decltype(&ldns_rdf_size) rdf_size;
  decltype(&ldns_rr2str) rr2str;
  decltype(&ldns_rr2wire) rr2wire;
  decltype(&ldns_rr_descript) rr_descript;
  decltype(&ldns_rr_descriptor_minimum) rr_descriptor_minimum;
  decltype(&ldns_rr_free) rr_free;
  decltype(&ldns_rr_get_type) rr_get_type;
  decltype(&ldns_rr_list_rr) rr_list_rr;
  decltype(&ldns_rr_list_rr_count) rr_list_rr_count;
  decltype(&ldns_rr_new_frm_str) rr_new_frm_str;
  decltype(&ldns_rr_owner) rr_owner;
  decltype(&ldns_rr_rd_count) rr_rd_count;
  decltype(&ldns_rr_rdf) rr_rdf;
  decltype(&ldns_rr_ttl) rr_ttl;
  decltype(&ldns_wire2pkt) wire2pkt;
  decltype(&ldns_wire2rr) wire2rr;
};

/// Loads it at the first call. Throws std::runtime_error, with what to install,
/// when it is not on this machine.
const LdnsLibrary& ldns();

}  // namespace upstream
