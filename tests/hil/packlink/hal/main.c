/* What CubeMX leaves of main.c; the test puts the blocks of INTEGRATION.md between the comments. */
#include "stm32h7xx_hal.h"

/* USER CODE BEGIN Includes */
/* USER CODE END Includes */

UART_HandleTypeDef huart3 = {HAL_UART_STATE_READY, 0};

/* USER CODE BEGIN PV */
/* USER CODE END PV */

int main(void) {
  /* USER CODE BEGIN 2 */
  /* USER CODE END 2 */
  while (1) {
    /* USER CODE BEGIN 3 */
    /* USER CODE END 3 */
  }
}

/* USER CODE BEGIN 4 */
/* USER CODE END 4 */
