import { render } from "preact";
import { App } from "./app.tsx";
import { dressPage } from "./state/theme.ts";
import "uplot/dist/uPlot.min.css";
import "./styles/page.css";

const place = document.querySelector("#page");
if (place === null) throw new Error("the page has no place for itself");
dressPage();
render(<App />, place);
