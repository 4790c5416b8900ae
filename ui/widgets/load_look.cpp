#include "ui/widgets/load_look.h"

using namespace Qt::StringLiterals;

namespace muster {

StatusLook lookOfLoad(api::SwarmLoad load)
{
    switch (load) {
    case api::SwarmLoad::Working:
        return {u"load-working"_s, &ThemeColors::running};
    case api::SwarmLoad::Saturated:
        return {u"load-saturated"_s, &ThemeColors::waiting};
    case api::SwarmLoad::Quiet:
        break;
    }
    return {u"load-quiet"_s, &ThemeColors::neutral};
}

} // namespace muster
