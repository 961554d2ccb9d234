import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { escapeHtml, type Html, trusted } from "../html.js";
import { byRole } from "../tokens.js";

use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, SVGRenderer]);

export interface Plot {
  /** Unique on the page: ids inside the drawing begin with it. */
  readonly id: string;
  /** What the plot shows, with its figures, for those who hear the page. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly option: EChartsCoreOption;
}

/** The plot as inline SVG in the page's colours: no script, no class, no outside reference; the same bytes each time. */
export function draw({ id, label, width, height, option }: Plot): Html {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    return trusted(tidy(chart.renderToSVGString(), id, label));
  } finally {
    chart.dispose();
  }
}

/** ECharts numbers its drawings by a counter of the process, and adds styles for a mouse that has nothing to touch. */
function tidy(svg: string, id: string, label: string): string {
  const drawn = svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, "")
    .replace(/ (?:class|pointer-events|xml:space|xmlns(?::xlink)?|ecmeta_\w+)="[^"]*"/g, "")
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/ style="font-size:([\d.]+)px;font-family:[^"]*?;(?:font-weight:([^;"]+);?)?"/g, fontAttributes)
    .replace(/ (?:d|transform)="[^"]*"/g, (attribute) => attribute.replace(/(\d+\.\d\d)\d+/g, "$1"));
  return byRole(drawn).replace("<svg ", `<svg role="img" aria-label="${escapeHtml(label)}" `);
}

function fontAttributes(_whole: string, size: string, weight: string | undefined): string {
  return ` font-size="${size}"${weight === undefined ? "" : ` font-weight="${weight}"`}`;
}
