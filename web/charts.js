// The parts of Apache ECharts that the pages use; all others stay out of the bundle.
import { init, use } from "echarts/core";
import { BarChart, GraphChart, LineChart, TreemapChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, GraphChart, LineChart, TreemapChart, GridComponent, TooltipComponent, CanvasRenderer]);

export { init };
