// Three clocks of music, each a type of its own: ticks (integers of a file's own resolution),
// quarters (score time) and seconds (performed time). Adding one to another does not compile.
#pragma once

#include <compare>
#include <cstdint>

namespace symphony::score {

template <class Tag, class Number>
struct Unit {
    Number value{};

    constexpr Unit() = default;
    constexpr explicit Unit(Number v) : value(v) {}
    constexpr auto operator<=>(const Unit&) const = default;
    constexpr Unit& operator+=(Unit other) { return value += other.value, *this; }
    constexpr Unit& operator-=(Unit other) { return value -= other.value, *this; }
    friend constexpr Unit operator+(Unit a, Unit b) { return Unit(a.value + b.value); }
    friend constexpr Unit operator-(Unit a, Unit b) { return Unit(a.value - b.value); }
    friend constexpr Unit operator*(Unit a, Number factor) { return Unit(a.value * factor); }
};

using Ticks = Unit<struct TicksTag, std::int64_t>;
using Quarters = Unit<struct QuartersTag, double>;
using Seconds = Unit<struct SecondsTag, double>;

}  // namespace symphony::score
