// Source: own; reads what gnuplot 5.4's svg terminal writes, through pugixml.
#include "symphony/view/page_svg.h"

#include "symphony/base/error.h"
#include "symphony/base/text.h"
#include "symphony/view/palette.h"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <cstdio>
#include <cstring>
#include <functional>
#include <set>
#include <sstream>
#include <vector>

namespace symphony::view {
namespace {

// "rgb(213,  94,   0)" or "#D55E00" -> "#d55e00"; anything else as it is.
std::string plain_color(std::string_view text) {
    int r = 0, g = 0, b = 0;
    if (std::sscanf(std::string(text).c_str(), " rgb ( %d , %d , %d )", &r, &g, &b) == 3)
        return fmt::format("#{:02x}{:02x}{:02x}", r & 255, g & 255, b & 255);
    return base::to_lower(text);
}

std::string page_color(std::string_view text) {
    const std::string plain = plain_color(text);
    if (plain == "black" || plain == "#000000") return "var(--ink)";
    for (const Color& known : palette())
        if (plain == known.light) return paint(known, Dress::kPage);
    return plain;
}

bool holds_color(std::string_view attribute) {
    return attribute == "fill" || attribute == "stroke" || attribute == "color";
}

void visit(pugi::xml_node node, const std::function<void(pugi::xml_node)>& action) {
    action(node);
    for (pugi::xml_node child = node.first_child(); child;) {
        const pugi::xml_node next = child.next_sibling();
        visit(child, action);
        child = next;
    }
}

void remove_unsafe(pugi::xml_node root) {
    static const std::set<std::string> kKept = {"svg",  "g",       "path",     "rect",    "circle",
                                                "line", "polygon", "polyline", "text",    "tspan",
                                                "use",  "defs",    "ellipse",  "clipPath"};
    std::vector<pugi::xml_node> doomed;
    visit(root, [&](pugi::xml_node node) {
        if (node.type() == pugi::node_element && !kKept.contains(node.name()))
            doomed.push_back(node);
        for (pugi::xml_attribute attribute = node.first_attribute(); attribute;) {
            const pugi::xml_attribute next = attribute.next_attribute();
            const std::string_view name = attribute.name();
            const bool link = name == "xlink:href" || name == "href";
            if (name.starts_with("on") || name == "style" || name == "class" ||
                name == "font-family" || (link && attribute.value()[0] != '#'))
                node.remove_attribute(attribute);
            attribute = next;
        }
    });
    for (auto it = doomed.rbegin(); it != doomed.rend(); ++it) it->parent().remove_child(*it);
}

// gnuplot closes and opens a group at every change of pen; most are empty.
bool remove_empty_groups(pugi::xml_node node) {
    bool empty = true;
    for (pugi::xml_node child = node.first_child(); child;) {
        const pugi::xml_node next = child.next_sibling();
        if (child.type() == pugi::node_element) {
            const bool gone =
                std::strcmp(child.name(), "g") == 0 ? remove_empty_groups(child) : false;
            if (gone)
                node.remove_child(child);
            else
                empty = false;
        }
        child = next;
    }
    return empty;
}

void remove_unused_definitions(pugi::xml_node root) {
    for (bool again = true; again;) {
        again = false;
        std::set<std::string> used;
        visit(root, [&](pugi::xml_node node) {
            if (const auto link = node.attribute("xlink:href")) used.insert(link.value() + 1);
        });
        for (pugi::xml_node defs : root.children("g"))
            for (pugi::xml_node inner : defs.children("defs"))
                for (pugi::xml_node item = inner.first_child(); item;) {
                    const pugi::xml_node next = item.next_sibling();
                    const auto id = item.attribute("id");
                    if (item.type() == pugi::node_element && (!id || !used.contains(id.value()))) {
                        inner.remove_child(item);
                        again = true;
                    }
                    item = next;
                }
    }
}

void rewrite_attributes(pugi::xml_node root, const std::string& prefix) {
    visit(root, [&](pugi::xml_node node) {
        for (pugi::xml_attribute attribute : node.attributes()) {
            const std::string_view name = attribute.name(), value = attribute.value();
            if (name == "id")
                attribute.set_value((prefix + "-" + std::string(value)).c_str());
            else if (name == "xlink:href")
                attribute.set_value(("#" + prefix + "-" + std::string(value.substr(1))).c_str());
            else if (holds_color(name) && value != "none" && value != "currentColor")
                attribute.set_value(page_color(value).c_str());
        }
    });
}

void remove_background(pugi::xml_node root) {
    for (pugi::xml_node group : root.children("g"))
        if (const auto rect = group.child("rect");
            rect && plain_color(rect.attribute("fill").value()) == "#ffffff")
            group.remove_child(rect);
}

}  // namespace

std::string page_svg(std::string_view svg, std::string_view prefix, std::string_view label) {
    pugi::xml_document document;
    // Whitespace is dropped: pugixml does not expand entities of its own making or load anything.
    const auto parsed = document.load_buffer(svg.data(), svg.size());
    const pugi::xml_node root = document.child("svg");
    if (!parsed || !root)
        throw base::Error(base::ErrorKind::kInternal,
                          fmt::format("cannot read the drawing: {}", parsed.description()));
    remove_unsafe(root);
    remove_background(root);
    remove_empty_groups(root);
    remove_unused_definitions(root);
    rewrite_attributes(root, std::string(prefix));
    pugi::xml_node svg_node = root;
    svg_node.remove_attribute("width");
    svg_node.remove_attribute("height");
    svg_node.append_attribute("role").set_value("img");
    svg_node.append_attribute("aria-label").set_value(base::to_utf8(label).c_str());
    std::ostringstream out;
    svg_node.print(out, "", pugi::format_raw);
    return out.str() + "\n";
}

}  // namespace symphony::view
